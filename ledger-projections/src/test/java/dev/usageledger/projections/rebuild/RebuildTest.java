package dev.usageledger.projections.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.projections.processing.Projector;
import dev.usageledger.projections.processing.ReadModels;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RebuildTest {
    private static final int WORKERS = 3;
    private static final Duration LONG = Duration.ofMinutes(2);

    private final long seed = Long.getLong("ledger.seed", System.nanoTime());
    private final StoredHistory history = StoredHistory.of(seed, "acme", "globex", "initech", "umbrella");

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void rebuilt_tables_hold_what_the_live_ones_held() throws SQLException {
        Map<String, List<String>> before = history.everyRow();
        long position = history.position();

        Rebuild.Rebuilt rebuilt = rebuild();

        assertThat(history.everyRow()).as("seed %d", seed).isEqualTo(before);
        assertThat(history.position()).isEqualTo(position).isEqualTo(rebuilt.position());
        assertThat(rebuilt.tables()).isEqualTo(history.tables());
    }

    @Test
    void rebuilt_tables_hold_what_was_lost_spoilt_or_made_up() throws SQLException {
        Map<String, List<String>> before = history.everyRow();
        for (String table : history.tables()) {
            history.execute("DELETE FROM reporting." + table + " WHERE organization_id = 'acme'");
        }
        history.execute("UPDATE reporting.transcriptions SET minutes = minutes + 1");
        history.execute("INSERT INTO reporting.members (organization_id, user_id, position, since)"
                + " VALUES ('nobody', 'ann', 1, now())");

        rebuild();

        assertThat(history.everyRow()).as("seed %d", seed).isEqualTo(before);
    }

    @Test
    void the_catalog_is_afterwards_what_it_was_before() throws SQLException {
        history.execute("GRANT SELECT (organization_id) ON reporting.members TO PUBLIC");
        history.execute("COMMENT ON INDEX reporting.members_newest IS 'newest first'");
        List<String> before = catalog();

        rebuild();

        assertThat(catalog()).isEqualTo(before).hasSizeGreaterThan(200);
        assertThat(schemas()).doesNotContain(ShadowTables.SCHEMA);
    }

    @Test
    void only_what_was_chosen_is_swapped() throws SQLException {
        Map<String, List<String>> before = history.everyRow();
        history.execute("DELETE FROM reporting.transcriptions");
        history.execute("DELETE FROM reporting.members");

        assertThat(rebuild("transcriptions").tables()).containsExactly("transcriptions");

        assertThat(history.everyRow().get("transcriptions")).isEqualTo(before.get("transcriptions"));
        assertThat(history.everyRow().get("members")).isEmpty();
    }

    @Test
    void a_projection_that_there_is_not_is_refused_by_name() {
        assertThatThrownBy(() -> rebuild("turnover"))
                .isInstanceOf(RebuildFailedException.class)
                .hasMessageContaining(
                        "There is no projection turnover. Those that can be rebuilt are: organization_usage,");
    }

    @Test
    void what_the_read_models_had_not_taken_in_yet_counts_once() throws SQLException {
        history.happen(seed + 1, "hooli", 60);
        rebuild();
        Map<String, List<String>> rebuilt = history.everyRow();
        assertThat(rebuilt.get("organization_usage")).hasSize(5);

        history.project();

        assertThat(history.everyRow()).as("seed %d", seed).isEqualTo(rebuilt);
    }

    @Test
    void what_is_written_meanwhile_is_neither_missed_nor_counted_twice() throws Exception {
        try (ReadModels readModels = new ReadModels(history.ledger, LedgerPolicy.STANDARD)) {
            readModels.start();
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Integer> writing = CompletableFuture.supplyAsync(() -> recordUntil(done));
            for (int i = 0; i < 3; i++) {
                rebuild();
                rebuild("transcriptions", "members");
            }
            done.set(true);
            int written = writing.join();
            assertThat(readModels.awaitPosition(history.ledger.head(), LONG)).isTrue();
            assertThat(history.jdbc
                            .sql("SELECT count(*) FROM reporting.transcriptions WHERE transcription_id LIKE 'mean%'")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(written)
                    .isPositive();
        }
        Map<String, List<String>> followed = history.everyRow();
        rebuild();
        assertThat(history.everyRow()).as("seed %d", seed).isEqualTo(followed);
    }

    @Test
    void a_service_remembers_nothing_of_the_tables_that_were_replaced() throws SQLException {
        history.restart();
        history.execute("""
                UPDATE reporting.organization_usage AS wrong
                SET state = jsonb_set(state::jsonb, '{name}', '"Wrong"')::text WHERE organization_id = 'acme'
                """);
        history.record("acme", "remember-1");
        history.project();
        assertThat(state("acme")).contains("\"Wrong\"");

        rebuild();
        history.record("acme", "remember-2");
        history.project();

        assertThat(state("acme")).doesNotContain("\"Wrong\"");
    }

    @Test
    void one_at_a_time() throws SQLException {
        try (Shadow other = new Shadow(history.database, LedgerPolicy.STANDARD, table -> true)) {
            assertThat(other.position(other.holder())).isZero();
            assertThatThrownBy(this::rebuild)
                    .isInstanceOf(RebuildFailedException.class)
                    .hasMessage(
                            "Another rebuild or reconciliation is at work on this database. Wait until it is done.");
        }
        rebuild();
    }

    @Test
    void one_that_was_killed_leaves_the_live_tables_alone_and_does_not_stand_in_the_way() throws SQLException {
        Map<String, List<String>> before = history.everyRow();
        List<String> catalog = catalog();
        Shadow killed = new Shadow(history.database, LedgerPolicy.STANDARD, table -> true);
        killed.fill(history.position(), WORKERS, new RebuildProgress(), StepTaker.PerRange.NONE);
        int backend;
        try (var row = killed.holder().createStatement().executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            backend = row.getInt(1);
        }
        assertThat(history.jdbc
                        .sql("SELECT pg_terminate_backend(?, 10000)")
                        .param(backend)
                        .query(Boolean.class)
                        .single())
                .isTrue();
        assertThatThrownBy(() -> killed.tables().swap(killed.holder(), history.tables()))
                .isInstanceOf(SQLException.class);

        assertThat(schemas()).contains(ShadowTables.SCHEMA);
        assertThat(history.everyRow()).isEqualTo(before);
        rebuild();
        assertThat(history.everyRow()).isEqualTo(before);
        assertThat(catalog()).isEqualTo(catalog);
    }

    @Test
    void one_that_fails_before_the_swap_cleans_up() {
        Map<String, List<String>> before = history.everyRow();
        RebuildProgress progress = new RebuildProgress();
        progress.abandon();

        assertThatThrownBy(() -> rebuild(progress)).isInstanceOf(RebuildFailedException.class);

        assertThat(history.everyRow()).isEqualTo(before);
        assertThat(schemas()).doesNotContain(ShadowTables.SCHEMA);
    }

    @Test
    void what_was_never_built_is_built() throws SQLException {
        Map<String, List<String>> before = history.everyRow();
        long position = history.position();
        history.execute("DELETE FROM reporting.token");
        history.tables().forEach(table -> history.execute("DELETE FROM reporting." + table));
        history.restart();

        rebuild();
        history.project();

        assertThat(history.everyRow()).isEqualTo(before);
        assertThat(history.position()).isEqualTo(position);
    }

    @Test
    void tables_of_another_definition_are_taken_over_unless_a_service_keeps_them() throws SQLException {
        Map<String, List<String>> before = history.everyRow();
        history.execute("UPDATE reporting.token SET definition = 'an older one', owner = 'a service',"
                + " claimed_until = now() + interval '1 hour'");
        assertThatThrownBy(() -> rebuild("members"))
                .isInstanceOf(RebuildFailedException.class)
                .hasMessageContaining("The other projections hold [an older one]");
        assertThatThrownBy(this::rebuild)
                .isInstanceOf(RebuildFailedException.class)
                .hasMessageContaining("A running service keeps the projections as [an older one]");

        history.execute("UPDATE reporting.token SET claimed_until = now() - interval '1 second'");
        rebuild();

        assertThat(history.jdbc
                        .sql("SELECT definition FROM reporting.token")
                        .query(String.class)
                        .single())
                .isEqualTo(new Projector(LedgerPolicy.STANDARD).definition());
        assertThat(history.everyRow()).isEqualTo(before);
    }

    @Test
    void whoever_reads_is_waited_for_and_keeps_nobody_else_from_reading() throws Exception {
        CompletableFuture<Rebuild.Rebuilt> rebuilding;
        try (Connection reader = history.database.getConnection()) {
            reader.setAutoCommit(false);
            ShadowTables.execute(reader, "SELECT count(*) FROM reporting.members");
            rebuilding = CompletableFuture.supplyAsync(() -> {
                try {
                    return rebuild();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            awaitRefusedLock();
            assertThat(history.everyRow().get("members")).isNotNull();
            assertThat(rebuilding).isNotDone();
            reader.commit();
        }
        assertThat(rebuilding.get().tables()).hasSize(6);
    }

    /** Until the rebuild has asked for the table at least once and stands in the queue, or has given up for the moment. */
    private void awaitRefusedLock() {
        while (history.jdbc
                        .sql(
                                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'reporting.members'::regclass")
                        .query(Integer.class)
                        .single()
                == 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_missing_event_stops_it_rather_than_be_passed_over() {
        history.execute("ALTER TABLE ledger.events DISABLE TRIGGER events_are_append_only");
        history.execute("DELETE FROM ledger.events WHERE organization_id = 'acme' AND sequence = 3");

        assertThatThrownBy(this::rebuild).hasMessage("event 4 of organization acme follows event 2: one is missing");
        assertThat(schemas()).doesNotContain(ShadowTables.SCHEMA);
    }

    private Rebuild.Rebuilt rebuild(String... projections) throws SQLException {
        return new Rebuild(history.database, LedgerPolicy.STANDARD, WORKERS)
                .run(List.of(projections), new RebuildProgress());
    }

    private Rebuild.Rebuilt rebuild(RebuildProgress progress) throws SQLException {
        return new Rebuild(history.database, LedgerPolicy.STANDARD, WORKERS).run(List.of(), progress);
    }

    private int recordUntil(AtomicBoolean done) {
        int written = 0;
        while (!done.get()) {
            history.record("acme", "mean-" + written++);
        }
        return written;
    }

    private String state(String organization) {
        return history.jdbc
                .sql("SELECT state FROM reporting.organization_usage WHERE organization_id = ?")
                .param(organization)
                .query(String.class)
                .single();
    }

    private List<String> schemas() {
        return history.jdbc
                .sql("SELECT nspname FROM pg_namespace")
                .query(String.class)
                .list();
    }

    /** Everything that is said of the schema's tables but their numbers. */
    private List<String> catalog() {
        return history.jdbc.sql("""
                WITH tables AS (SELECT * FROM pg_class WHERE relnamespace = 'reporting'::regnamespace)
                SELECT concat_ws(' | ', 'relation', relname, relkind, relpersistence, relowner::regrole, relacl, reloptions,
                    obj_description(oid, 'pg_class')) FROM tables
                UNION ALL
                SELECT concat_ws(' | ', 'column', relname, attnum, attname, atttypid::regtype, atttypmod, attnotnull,
                    attgenerated, attidentity, attcollation::regcollation, attstorage, attcompression, attacl,
                    pg_get_expr(adbin, adrelid), col_description(tables.oid, attnum))
                FROM tables JOIN pg_attribute ON attrelid = tables.oid
                LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attnum > 0 AND relkind = 'r'
                UNION ALL
                SELECT concat_ws(' | ', 'index', pg_get_indexdef(indexrelid), indisprimary, indisunique, indisvalid)
                FROM tables JOIN pg_index ON indrelid = tables.oid
                UNION ALL
                SELECT concat_ws(' | ', 'constraint', relname, conname, contype, convalidated,
                    pg_get_constraintdef(pg_constraint.oid))
                FROM tables JOIN pg_constraint ON conrelid = tables.oid
                ORDER BY 1
                """).query(String.class).list();
    }
}
