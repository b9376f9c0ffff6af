package dev.usageledger.projections.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usageledger.engine.OrganizationRange;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.MissingEventException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DriftWatchTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final OrganizationRange ACME = range("acme");

    private final long seed = Long.getLong("ledger.seed", System.nanoTime());
    private final StoredHistory history =
            StoredHistory.of(seed, "acme", "acme-2", "globex").withSnapshotOf("acme");
    private final DriftCheck check = new DriftCheck(history.database, LedgerPolicy.STANDARD);
    private final DriftWatch watch =
            new DriftWatch(history.database, check, Duration.ZERO, 1, InstantSource.fixed(NOW));

    @AfterEach
    void close() {
        watch.close();
        history.close();
    }

    @Test
    void where_all_is_well_no_organization_has_drifted() throws Exception {
        goRound();

        assertThat(watch.driftedOrganizations()).as("seed %d", seed).isZero();
        assertThat(watch.lastRun()).contains(NOW);
    }

    @ParameterizedTest
    @EnumSource
    void planted_drift_is_found_on_the_way_round_and_forgotten_once_it_is_mended(PlantedDrift drift) throws Exception {
        drift.plant(history);
        Map<String, List<String>> drifted = history.everyRow();

        goRound();
        assertThat(watch.driftedOrganizations()).as("seed %d", seed).isEqualTo(1);
        assertThat(history.everyRow()).isEqualTo(drifted);

        new Reconciliation(history.database, LedgerPolicy.STANDARD, 1)
                .run(Reconciliation.Remedy.REPAIR, new RebuildProgress(), difference -> {});
        goRound();
        assertThat(watch.driftedOrganizations()).isZero();
    }

    @Test
    void one_organization_can_be_asked_for_by_name() throws Exception {
        history.execute(
                "UPDATE reporting.organization_usage SET members = members + 1 WHERE organization_id <> 'globex'");

        assertThat(differences(ACME)).singleElement().satisfies(difference -> {
            assertThat(difference.organizationId()).isEqualTo("acme");
            assertThat(difference.columns()).extracting(Difference.Column::name).containsExactly("members");
        });
        assertThat(differences(range("globex"))).isEmpty();
        assertThat(differences(range("nobody"))).isEmpty();
    }

    @Test
    void what_the_read_models_have_not_taken_in_yet_is_no_drift() throws Exception {
        history.happen(seed + 3, "acme", 400);

        assertThat(differences(ACME)).as("seed %d", seed).isEmpty();
    }

    @Test
    void a_check_leaves_nothing_behind_for_the_next() throws Exception {
        assertThat(differences(ACME)).isEmpty();
        assertThat(temporaryBytes()).isZero();
        assertThat(differences(ACME)).isEmpty();
        assertThat(history.jdbc
                        .sql("SELECT count(*) FROM pg_class WHERE relname = 'reporting_rebuild'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void a_history_of_more_than_a_batch_is_checked_to_its_end() throws Exception {
        history.recordMany("acme", 45_000).project();
        assertThat(differences(ACME)).isEmpty();

        history.execute("DELETE FROM reporting.transcriptions WHERE transcription_id = 'many-44999'");

        assertThat(differences(ACME))
                .singleElement()
                .extracting(Difference::kind)
                .isEqualTo(Difference.Kind.MISSING);
    }

    @Test
    void it_gives_way_to_a_rebuild_and_comes_back_when_that_is_done() throws Exception {
        try (Shadow rebuilding = new Shadow(history.database, LedgerPolicy.STANDARD, table -> true)) {
            assertThatThrownBy(watch::run).isInstanceOf(RebuildUnderWayException.class);
            assertThat(watch.lastRun()).isEmpty();
        }
        history.execute("DELETE FROM reporting.members WHERE organization_id = 'acme'");

        watch.run();

        assertThat(watch.lastRun()).contains(NOW);
        assertThat(watch.driftedOrganizations()).isEqualTo(1);
    }

    @Test
    void what_holds_another_definition_is_not_compared() {
        history.execute("UPDATE reporting.token SET definition = 'another'");

        assertThatThrownBy(watch::run)
                .isInstanceOf(RebuildFailedException.class)
                .hasMessageContaining("The live read models hold [another]");
        assertThat(watch.lastRun()).isEmpty();
    }

    @Test
    void once_started_it_goes_round_by_itself() {
        history.execute(
                "UPDATE reporting.organization_usage SET members = members + 1 WHERE organization_id = 'globex'");

        try (DriftWatch started =
                new DriftWatch(history.database, check, Duration.ofMillis(1), 1, InstantSource.fixed(NOW))) {
            started.start();
            while (started.driftedOrganizations() == 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void in_the_middle_of_a_long_history_it_rests_outside_of_any_transaction() throws Exception {
        history.recordMany("acme", 25_000).project();

        List<String> states = new ArrayList<>();
        assertThat(check.of(ACME, () -> states.add(transaction()))).isEmpty();

        assertThat(states).hasSize(5).containsOnly("idle, none seen");
    }

    @Test
    void what_happens_while_it_rests_is_no_drift() throws Exception {
        history.recordMany("acme", 12_000).project();
        int[] rests = {0};

        List<Difference> found = check.of(ACME, () -> {
            history.happen(seed + 5 + rests[0], "acme-later-" + rests[0], 40)
                    .record("acme", "while-resting-" + rests[0]++)
                    .project()
                    .record("acme", "not-taken-in-" + rests[0]);
        });

        assertThat(rests[0]).isEqualTo(2);
        assertThat(found).as("seed %d", seed).isEmpty();
    }

    @Test
    void a_rebuild_that_is_done_while_it_rests_is_no_drift_either() throws Exception {
        history.recordMany("acme", 7_000).project();
        history.execute("DELETE FROM reporting.transcriptions WHERE transcription_id = 'many-100'");

        List<Difference> found = check.of(ACME, this::rebuild);

        assertThat(found).isEmpty();
    }

    @Test
    void a_rebuild_that_begins_while_it_rests_is_given_way_to() throws Exception {
        history.recordMany("acme", 7_000).project();
        List<Shadow> rebuilding = new ArrayList<>();

        assertThatThrownBy(() -> check.of(ACME, () -> rebuilding.add(shadow())))
                .isInstanceOf(RebuildUnderWayException.class);

        rebuilding.getFirst().close();
        assertThat(differences(ACME)).isEmpty();
    }

    @Test
    void read_models_that_begin_anew_while_it_rests_are_given_way_to() {
        history.recordMany("acme", 7_000).project();

        assertThatThrownBy(() -> check.of(ACME, () -> history.execute("UPDATE reporting.token SET position = 0")))
                .isInstanceOf(RebuildUnderWayException.class);
    }

    @Test
    void what_is_given_up_in_the_middle_leaves_nothing_behind() throws Exception {
        history.recordMany("acme", 7_000).project();

        assertThatThrownBy(() -> check.of(ACME, () -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(temporaryBytes()).isZero();
        assertThat(differences(ACME)).isEmpty();
    }

    @Test
    void where_more_than_a_page_of_events_is_missing_that_is_told() {
        history.recordMany("acme", 15_000).project();
        history.execute("ALTER TABLE ledger.events DISABLE TRIGGER events_are_append_only");
        history.execute("DELETE FROM ledger.events WHERE organization_id = 'acme' AND sequence BETWEEN 4000 AND 14000");

        assertThatThrownBy(() -> differences(ACME)).isInstanceOf(MissingEventException.class);
    }

    private void rebuild() {
        try {
            new Rebuild(history.database, LedgerPolicy.STANDARD, 1).run(List.of(), new RebuildProgress());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Shadow shadow() {
        try {
            return new Shadow(history.database, LedgerPolicy.STANDARD, table -> true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of the connection that has temporary tables, as it is now. */
    private String transaction() {
        return history.jdbc.sql("""
                        SELECT state || ', ' || coalesce(backend_xmin::text, backend_xid::text, 'none') || ' seen'
                        FROM pg_stat_activity WHERE pid = (
                            SELECT pid FROM pg_stat_activity JOIN pg_stat_get_backend_idset() AS backend ON true
                            WHERE pg_stat_get_backend_pid(backend) = pid
                                AND EXISTS (SELECT FROM pg_namespace WHERE nspname = 'pg_temp_' || backend))
                        """).query(String.class).single();
    }

    private int temporaryBytes() {
        return history.jdbc
                .sql("SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'")
                .query(Integer.class)
                .single();
    }

    private List<Difference> differences(OrganizationRange organizations) throws Exception {
        return check.of(organizations, () -> {});
    }

    private static OrganizationRange range(String only) {
        return OrganizationRange.of(new OrganizationId(only));
    }

    private void goRound() throws Exception {
        for (int i = 0; i < 4; i++) {
            watch.run();
        }
    }
}
