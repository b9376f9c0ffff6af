package dev.usageledger.projections.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.projections.processing.ReadModels;
import dev.usageledger.projections.rebuild.Reconciliation.Reconciled;
import dev.usageledger.projections.rebuild.Reconciliation.Remedy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReconciliationTest {
    private static final int WORKERS = 2;

    private final long seed = Long.getLong("ledger.seed", System.nanoTime());
    private final StoredHistory history =
            StoredHistory.of(seed, "acme", "globex").withSnapshotOf("acme");

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void where_all_is_well_nothing_differs() throws SQLException {
        List<Difference> found = new ArrayList<>();

        Reconciled reconciled = reconcile(Remedy.NONE, found);

        assertThat(found).as("seed %d", seed).isEmpty();
        assertThat(reconciled).isEqualTo(new Reconciled(history.position(), 0, false));
    }

    @ParameterizedTest
    @EnumSource
    void planted_drift_is_found_and_left_alone(PlantedDrift drift) throws SQLException {
        drift.plant(history);
        Map<String, List<String>> drifted = history.everyRow();
        List<Difference> found = new ArrayList<>();

        Reconciled reconciled = reconcile(Remedy.NONE, found);

        assertThat(found).as("seed %d", seed).anyMatch(drift::isFoundIn);
        assertThat(found).hasSize((int) reconciled.differences());
        assertThat(reconciled.repaired()).isFalse();
        assertThat(history.everyRow()).isEqualTo(drifted);
    }

    @ParameterizedTest
    @EnumSource
    void what_was_repaired_does_not_differ_any_more(PlantedDrift drift) throws SQLException {
        drift.plant(history);

        assertThat(reconcile(Remedy.REPAIR, new ArrayList<>()).repaired()).isTrue();

        List<Difference> left = new ArrayList<>();
        reconcile(Remedy.NONE, left);
        assertThat(left).as("seed %d", seed).isEmpty();
    }

    @Test
    void a_changed_row_is_told_with_its_key_and_what_it_is_and_should_be() throws SQLException {
        history.execute("UPDATE reporting.members SET position = -7 WHERE (organization_id, user_id) ="
                + " (SELECT organization_id, user_id FROM reporting.members ORDER BY 1, 2 LIMIT 1)");
        List<Difference> found = new ArrayList<>();

        reconcile(Remedy.NONE, found);

        assertThat(found).singleElement().satisfies(difference -> {
            assertThat(difference.table()).isEqualTo("reporting.members");
            assertThat(difference.key()).containsOnlyKeys("organization_id", "user_id");
            assertThat(difference.columns()).singleElement().satisfies(column -> {
                assertThat(column.name()).isEqualTo("position");
                assertThat(column.live()).isEqualTo("-7");
                assertThat(column.rebuilt()).matches("\\d+");
            });
            assertThat(difference.row()).startsWith("reporting.members (organization_id acme, user_id ");
        });
    }

    @Test
    void a_state_that_is_only_written_in_another_way_is_no_difference() throws SQLException {
        history.execute("UPDATE reporting.organization_usage SET state = state::jsonb::text");
        List<Difference> found = new ArrayList<>();

        reconcile(Remedy.NONE, found);

        assertThat(found).isEmpty();
    }

    @Test
    void while_a_ledger_is_written_and_followed_nothing_differs() throws Exception {
        try (ReadModels readModels = new ReadModels(history.ledger, LedgerPolicy.STANDARD)) {
            readModels.start();
            CompletableFuture<StoredHistory> writing =
                    CompletableFuture.supplyAsync(() -> history.happen(seed + 9, "hooli", 600));
            do {
                List<Difference> found = new ArrayList<>();
                reconcile(Remedy.NONE, found);
                assertThat(found).as("seed %d", seed).isEmpty();
            } while (!writing.isDone());
            assertThat(readModels.awaitPosition(history.ledger.head(), Duration.ofMinutes(2)))
                    .isTrue();
        }
    }

    @Test
    void what_holds_another_definition_cannot_be_compared() {
        history.execute("UPDATE reporting.token SET definition = 'another'");

        assertThatThrownBy(() -> reconcile(Remedy.NONE, new ArrayList<>()))
                .isInstanceOf(RebuildFailedException.class)
                .hasMessageContaining("The live read models hold [another]");
    }

    private Reconciled reconcile(Remedy remedy, List<Difference> found) throws SQLException {
        return new Reconciliation(history.database, LedgerPolicy.STANDARD, WORKERS)
                .run(remedy, new RebuildProgress(), found::add);
    }
}
