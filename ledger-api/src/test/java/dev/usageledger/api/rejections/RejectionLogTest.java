package dev.usageledger.api.rejections;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import dev.usageledger.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

class RejectionLogTest {
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final UserId ADA = new UserId("ada");
    private static final Instant NOON = Instant.parse("2026-02-01T12:00:00Z");

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcClient sql = JdbcClient.create(database);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RejectionTable table = new RejectionTable(sql, new JsonMapper());
    private final RejectionQuery query = new RejectionQuery(sql);
    private final RejectionLog log = new RejectionLog(table, () -> NOON, meters);

    @AfterEach
    void close() {
        log.close();
        database.close();
    }

    @Test
    void it_is_told_as_it_was_noted() {
        log.note(refused(ACME, "r1"));
        log.store();

        assertThat(query.ofOrganization(ACME, 10))
                .containsExactly(new RejectionRow(
                        "acme",
                        "ada",
                        NOON,
                        "reserve-minutes",
                        "r1",
                        "insufficient-minutes",
                        Map.of("requested", 30, "remaining", 20),
                        "pipeline",
                        "request-1"));
    }

    @Test
    void only_the_newest_of_an_organization_are_kept() {
        note(ACME, 250);
        note(new OrganizationId("globex"), 3);
        log.store();
        note(ACME, 7);
        log.store();

        assertThat(query.ofOrganization(ACME, 1_000)).hasSize(RejectionTable.MOST_OF_EACH);
        assertThat(query.ofOrganization(ACME, 8))
                .extracting(RejectionRow::commandId)
                .containsExactly("r6", "r5", "r4", "r3", "r2", "r1", "r0", "r249");
        assertThat(query.ofOrganization(new OrganizationId("globex"), 10)).hasSize(3);
    }

    @Test
    void only_the_newest_of_a_person_without_organization_are_kept() {
        note(ACME, 1);
        for (int i = 0; i < 3; i++) {
            note(null, 90);
            log.store();
        }

        assertThat(query.withoutOrganization(List.of(ADA), 1_000)).hasSize(RejectionTable.MOST_OF_EACH);
        assertThat(query.ofOrganization(ACME, 10)).hasSize(1);
    }

    @Test
    void what_is_old_is_forgotten() {
        note(ACME, 2);
        log.store();

        table.expire(NOON.plus(RejectionTable.LONGEST));
        assertThat(query.ofOrganization(ACME, 10)).hasSize(2);
        table.expire(NOON.plus(RejectionTable.LONGEST).plusSeconds(1));
        assertThat(query.ofOrganization(ACME, 10)).isEmpty();
    }

    @Test
    @Timeout(60)
    void while_the_table_is_locked_nobody_waits_and_what_is_too_much_is_dropped() throws SQLException {
        try (Connection locking = database.getConnection();
                Statement statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE support.rejections");
            note(ACME, 1);
            awaitWriter();
            note(ACME, 100_000);
            assertThat(logged("dropped")).isGreaterThan(90_000);
            locking.commit();
        }
        log.store();

        assertThat(query.ofOrganization(ACME, 1_000)).hasSize(RejectionTable.MOST_OF_EACH);
    }

    @Test
    void a_storm_of_retries_hides_nobody_elses() {
        Newest newest = new Newest(2, 3);
        for (int i = 0; i < 10; i++) {
            assertThat(newest.add(refused(ACME, "r" + i))).isTrue();
        }

        assertThat(newest.add(refused(null, "r1"))).isTrue();
        assertThat(newest.add(refused(new OrganizationId("globex"), "r1"))).isFalse();
        assertThat(newest.all()).extracting(refused -> refused.command().id()).containsExactly("r8", "r9", "r1");
        assertThat(newest.size()).isEqualTo(3);
    }

    @Test
    @Timeout(60)
    void a_writer_that_is_cut_off_goes_on() throws SQLException {
        try (Connection locking = database.getConnection();
                Statement statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE support.rejections");
            note(ACME, 5);
            endWhoeverWaits();
            locking.commit();
        }
        writer().interrupt();
        while (logged("dropped") < 5) {
            Thread.onSpinWait();
        }

        note(ACME, 1);
        while (query.ofOrganization(ACME, 10).isEmpty()) {
            Thread.onSpinWait();
        }

        assertThat(query.ofOrganization(ACME, 10)).hasSize(1);
    }

    @Test
    void what_was_noted_last_is_stored_at_an_orderly_end() {
        note(ACME, 3);
        log.close();

        assertThat(query.ofOrganization(ACME, 10)).hasSize(3);
    }

    @Test
    void a_person_can_be_forgotten() {
        note(ACME, 2);
        note(null, 2);
        log.store();

        query.erase(List.of(ADA));

        assertThat(sql.sql("SELECT count(*) FROM support.rejections")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void the_table_and_its_columns_say_what_they_are() {
        assertThat(sql.sql("""
                        SELECT attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
                        WHERE relnamespace = 'support'::regnamespace AND relkind = 'r' AND attnum >= 0
                            AND coalesce(col_description(pg_class.oid, attnum), '') = ''
                        """).query(String.class).list()).isEmpty();
    }

    private void awaitWriter() {
        while (waiting("pid").isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private void endWhoeverWaits() {
        awaitWriter();
        waiting("pg_terminate_backend(pid)");
    }

    private List<String> waiting(String what) {
        return sql.sql("""
                        SELECT (%s)::text FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'
                            AND query LIKE '%%support.rejections%%'
                        """.formatted(what)).query(String.class).list();
    }

    private static Thread writer() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("rejections"))
                .findFirst()
                .orElseThrow();
    }

    private void note(@Nullable OrganizationId organizationId, int times) {
        for (int i = 0; i < times; i++) {
            log.note(refused(organizationId, "r" + i));
        }
    }

    private static Refused refused(@Nullable OrganizationId organizationId, String reservationId) {
        return new Refused(
                organizationId,
                NOON,
                new CommandName("reserve-minutes", reservationId, ADA),
                "insufficient-minutes",
                Map.of("requested", 30, "remaining", 20),
                new Origin("pipeline", "request-1", null));
    }

    private long logged(String outcome) {
        return (long) meters.get("ledger.rejections.logged")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
