package dev.usageledger.api.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.api.diagnosis.ReplayComparison.Difference;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.OrganizationCodec;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.PurchaseOverage;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.projections.processing.ReadModels;
import dev.usageledger.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ProjectionReplayTest {
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final Instant FEB_1 = Instant.parse("2026-02-01T00:00:00Z");
    private static final long AMPLE = 1_000;

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcClient sql = JdbcClient.create(database);
    private final Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD);

    @BeforeEach
    void fill() throws InterruptedException {
        send(new OpenOrganization(
                ACME,
                FEB_1,
                "Acme",
                new Plan("team", Minutes.of(100), Plan.Limit.HARD),
                ZoneOffset.UTC,
                LocalDateTime.parse("2026-01-31T00:00")));
        send(new PurchaseOverage(ACME, FEB_1, new PurchaseId("p1"), Minutes.of(50), null, null));
        transcribe("t1", 120);
        try (ReadModels readModels = new ReadModels(ledger, LedgerPolicy.STANDARD)) {
            readModels.start();
            assertThat(readModels.awaitPosition(ledger.head(), Duration.ofSeconds(30)))
                    .isTrue();
        }
    }

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    @Test
    void a_replay_gives_what_is_decided_on_and_what_lists_show() {
        ReplayComparison comparison = compare(ledger, AMPLE, false);

        assertThat(comparison.replayed()).isTrue();
        assertThat(comparison.behind()).isZero();
        assertThat(comparison.differences()).isEmpty();
    }

    @Test
    void lists_that_are_behind_are_right_as_of_what_they_contain() {
        transcribe("t2", 5);
        transcribe("t3", 5);

        ReplayComparison comparison = compare(ledger, AMPLE, false);

        assertThat(comparison.behind()).isEqualTo(2);
        assertThat(comparison.behindSince()).isEqualTo(FEB_1);
        assertThat(comparison.differences()).isEmpty();
    }

    @Test
    void a_pack_that_lists_show_differently_is_named() {
        sql.sql("UPDATE reporting.overage_packs SET remaining_minutes = 0, spent_minutes = 50")
                .update();

        assertThat(compare(ledger, AMPLE, false).differences())
                .containsExactly(new Difference("pack p1", "lists", null, 30L));
    }

    @Test
    void a_statement_that_lists_show_differently_is_named() {
        sql.sql("UPDATE reporting.billing_periods SET base_minutes = 99, uncovered_minutes = 1")
                .update();

        assertThat(compare(ledger, AMPLE, false).differences())
                .containsExactly(new Difference(
                        "statement 0",
                        "lists",
                        "99 base + 20 overage + 1 uncovered",
                        "100 base + 20 overage + 0 uncovered"));
    }

    @Test
    void what_is_decided_on_is_held_against_the_events_too() {
        sql.sql("""
                        INSERT INTO ledger.snapshots (organization_id, sequence, position, format, state)
                        SELECT organization_id, last_sequence, last_position, :format,
                               jsonb_set(state::jsonb, '{overage,packs,0,spent}', '50')::json
                        FROM reporting.organization_usage
                        ON CONFLICT (organization_id) DO UPDATE
                        SET sequence = excluded.sequence, position = excluded.position, state = excluded.state
                        """).param("format", OrganizationCodec.FORMAT).update();

        try (Ledger misled = new Ledger(database, LedgerPolicy.STANDARD)) {
            assertThat(compare(misled, AMPLE, false).differences())
                    .contains(new Difference("overageRemainingMinutes", "decisions", 0L, 30L));
        }
    }

    @Test
    void many_events_are_replayed_only_when_asked_to() {
        ReplayComparison bounded = compare(ledger, 2, false);
        assertThat(bounded.replayed()).isFalse();
        assertThat(bounded.events()).isGreaterThan(2);
        assertThat(bounded.differences()).isEmpty();

        assertThat(compare(ledger, 2, true).replayed()).isTrue();

        sql.sql("UPDATE reporting.organization_usage SET held_minutes = 7").update();
        assertThat(compare(ledger, 2, false).differences())
                .containsExactly(new Difference("heldMinutes", "lists", 7L, 0L));
    }

    private ReplayComparison compare(Ledger from, long mostEvents, boolean full) {
        return new ProjectionReplay(from, sql, mostEvents)
                .compare(from.recorded(ACME).orElseThrow(), full);
    }

    private void transcribe(String id, int minutes) {
        send(new RecordTranscription(
                ACME,
                FEB_1,
                new TranscriptionId(id),
                Minutes.of(minutes),
                null,
                null,
                null,
                null,
                RecordTranscription.OnInsufficient.RECORD));
    }

    private void send(OrganizationCommand command) {
        ledger.send(command, new Origin("test", "test", null)).join();
    }
}
