package dev.usageledger.projections.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usageledger.engine.OrganizationRange;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
    void where_all_is_well_no_organization_has_drifted() throws SQLException {
        goRound();

        assertThat(watch.driftedOrganizations()).as("seed %d", seed).isZero();
        assertThat(watch.lastRun()).contains(NOW);
    }

    @ParameterizedTest
    @EnumSource
    void planted_drift_is_found_on_the_way_round_and_forgotten_once_it_is_mended(PlantedDrift drift)
            throws SQLException {
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
    void one_organization_can_be_asked_for_by_name() throws SQLException {
        history.execute(
                "UPDATE reporting.organization_usage SET members = members + 1 WHERE organization_id <> 'globex'");

        assertThat(check.of(ACME)).singleElement().satisfies(difference -> {
            assertThat(difference.organizationId()).isEqualTo("acme");
            assertThat(difference.columns()).extracting(Difference.Column::name).containsExactly("members");
        });
        assertThat(check.of(range("globex"))).isEmpty();
        assertThat(check.of(range("nobody"))).isEmpty();
    }

    @Test
    void what_the_read_models_have_not_taken_in_yet_is_no_drift() throws SQLException {
        history.happen(seed + 3, "acme", 400);

        assertThat(check.of(ACME)).as("seed %d", seed).isEmpty();
    }

    @Test
    void a_check_leaves_nothing_behind_for_the_next() throws SQLException {
        assertThat(check.of(ACME)).isEmpty();
        assertThat(check.of(ACME)).isEmpty();
        assertThat(history.jdbc
                        .sql("SELECT count(*) FROM pg_class WHERE relname = 'reporting_rebuild'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void a_history_of_more_than_a_batch_is_checked_to_its_end() throws SQLException {
        history.recordMany("acme", 45_000).project();
        assertThat(check.of(ACME)).isEmpty();

        history.execute("DELETE FROM reporting.transcriptions WHERE transcription_id = 'many-44999'");

        assertThat(check.of(ACME)).singleElement().extracting(Difference::kind).isEqualTo(Difference.Kind.MISSING);
    }

    @Test
    void it_gives_way_to_a_rebuild_and_comes_back_when_that_is_done() throws SQLException {
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

    private static OrganizationRange range(String only) {
        return OrganizationRange.of(new OrganizationId(only));
    }

    private void goRound() throws SQLException {
        for (int i = 0; i < 4; i++) {
            watch.run();
        }
    }
}
