package dev.usageledger.projections.processing;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.Answer;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.projections.usage.OrganizationUsageQuery;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Read models that follow a real ledger. What they wait for has generous limits, so a slow machine fails nothing. */
class ReadModelsTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final Origin ORIGIN = new Origin("test", "request", null);
    private static final Duration LONG = Duration.ofMinutes(2);

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcClient jdbc = JdbcClient.create(database);
    private final Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD);
    private final ReadModels readModels = new ReadModels(ledger, LedgerPolicy.STANDARD);
    private int recorded;

    @AfterEach
    void close() {
        readModels.close();
        ledger.close();
        database.close();
    }

    @Test
    void what_happens_is_soon_in_the_read_models() throws InterruptedException {
        readModels.start();
        open();
        long position = record(7);

        assertThat(readModels.awaitPosition(position, LONG)).isTrue();
        assertThat(used()).isEqualTo(7);
        assertThat(readModels.status()).satisfies(status -> {
            assertThat(status.position()).isEqualTo(position);
            assertThat(status.head()).isEqualTo(position);
            assertThat(status.lag()).isZero();
            assertThat(status.isLive()).isTrue();
        });
    }

    @Test
    void what_happened_before_the_start_is_caught_up_with() throws InterruptedException {
        open();
        CompletableFuture.allOf(IntStream.range(0, 2_500)
                        .mapToObj(i -> ledger.send(transcription(1), ORIGIN))
                        .toArray(CompletableFuture[]::new))
                .join();
        assertThat(readModels.status().lag()).isEqualTo(ledger.head());
        readModels.start();

        assertThat(readModels.awaitPosition(ledger.head(), LONG)).isTrue();
        assertThat(used()).isEqualTo(2_500);
    }

    @Test
    void waiting_ends_when_the_time_is_up() throws InterruptedException {
        readModels.start();
        open();

        assertThat(readModels.awaitPosition(ledger.head() + 1, Duration.ofMillis(50)))
                .isFalse();
    }

    @Test
    void what_another_node_does_is_seen_here() throws InterruptedException {
        readModels.start();
        open();
        assertThat(readModels.awaitPosition(ledger.head(), LONG)).isTrue();

        try (Ledger otherLedger = new Ledger(database, LedgerPolicy.STANDARD);
                ReadModels other = new ReadModels(otherLedger, LedgerPolicy.STANDARD)) {
            other.start();
            long position = record(7);
            assertThat(other.awaitPosition(position, LONG)).isTrue();
            assertThat(other.status().isLive()).isTrue();
            assertThat(jdbc.sql("SELECT count(DISTINCT owner) FROM reporting.token")
                            .query(Long.class)
                            .single())
                    .isEqualTo(1);
        }
    }

    @Test
    void another_node_takes_over_when_one_stops() throws InterruptedException {
        readModels.start();
        open();
        assertThat(readModels.awaitPosition(ledger.head(), LONG)).isTrue();

        try (Ledger otherLedger = new Ledger(database, LedgerPolicy.STANDARD);
                ReadModels other = new ReadModels(otherLedger, LedgerPolicy.STANDARD)) {
            other.start();
            readModels.close();
            long position = record(7);
            assertThat(other.awaitPosition(position, LONG)).isTrue();
            assertThat(used()).isEqualTo(7);
        }
    }

    @Test
    void another_node_takes_over_when_one_has_died_with_its_claim() throws InterruptedException {
        open();
        readModels.start();
        assertThat(readModels.awaitPosition(ledger.head(), LONG)).isTrue();
        readModels.close();
        jdbc.sql("UPDATE reporting.token SET owner = 'dead', claimed_until = clock_timestamp() + interval '3 seconds'")
                .update();

        try (ReadModels next = new ReadModels(ledger, LedgerPolicy.STANDARD)) {
            next.start();
            long position = record(7);
            assertThat(next.awaitPosition(position, LONG)).isTrue();
            assertThat(jdbc.sql("SELECT owner FROM reporting.token")
                            .query(String.class)
                            .single())
                    .isNotEqualTo("dead");
        }
    }

    @Test
    void a_batch_that_fails_is_shown_and_tried_again_until_it_works() throws InterruptedException {
        readModels.start();
        open();
        assertThat(readModels.awaitPosition(ledger.head(), LONG)).isTrue();

        jdbc.sql("ALTER TABLE reporting.transcriptions RENAME TO gone").update();
        long position = record(7);
        until(() -> readModels.status().error() != null);
        assertThat(readModels.status().error()).contains("transcriptions");
        assertThat(readModels.status().isLive()).isFalse();
        assertThat(readModels.status().lag()).isPositive();
        assertThat(used()).isZero();

        jdbc.sql("ALTER TABLE reporting.gone RENAME TO transcriptions").update();
        assertThat(readModels.awaitPosition(position, LONG)).isTrue();
        until(() -> readModels.status().isLive());
        assertThat(used()).isEqualTo(7);
    }

    @Test
    void lost_connections_are_got_over() throws Exception {
        readModels.start();
        open();
        // One connection for all rounds: another one out of the pool may be among those that the last round has ended.
        try (Connection spared = database.getConnection();
                Statement statement = spared.createStatement()) {
            for (int i = 0; i < 5; i++) {
                statement.execute("""
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
                        """);
                recordInSpiteOfAll();
            }
        }
        // What is asked from here on must not come upon a connection that was lost and has not been noticed yet.
        database.getHikariPoolMXBean().softEvictConnections();

        assertThat(readModels.awaitPosition(ledger.head(), LONG)).isTrue();
        assertThat(used())
                .isEqualTo(ledger.standing(ACME, NOW)
                        .orElseThrow()
                        .balance()
                        .used()
                        .value());
        until(() -> readModels.status().isLive());
    }

    @Test
    void tables_of_another_definition_are_replayed_from_the_first_event() throws InterruptedException {
        readModels.start();
        open();
        record(7);
        assertThat(readModels.awaitPosition(ledger.head(), LONG)).isTrue();
        readModels.close();
        jdbc.sql("UPDATE reporting.token SET definition = 'read models 0'").update();
        jdbc.sql("UPDATE reporting.organization_usage SET name = 'from another time'")
                .update();

        try (ReadModels next = new ReadModels(ledger, LedgerPolicy.STANDARD)) {
            next.start();
            assertThat(next.awaitPosition(ledger.head(), LONG)).isTrue();
            assertThat(new OrganizationUsageQuery(database)
                            .find(ACME)
                            .orElseThrow()
                            .name())
                    .isEqualTo("Acme");
        }
    }

    @Test
    void stopping_gives_up_the_claim() throws InterruptedException {
        readModels.start();
        open();
        assertThat(readModels.awaitPosition(ledger.head(), LONG)).isTrue();
        readModels.close();

        assertThat(readModels.status().running()).isFalse();
        assertThat(jdbc.sql("SELECT count(*) FROM reporting.token WHERE owner IS NULL")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    private void open() {
        send(new OpenOrganization(
                ACME,
                NOW,
                "Acme",
                new Plan("team", Minutes.of(100_000), Plan.Limit.HARD),
                ZoneId.of("UTC"),
                LocalDateTime.parse("2026-01-31T00:00")));
    }

    private long record(long minutes) {
        return send(transcription(minutes)).standing().position();
    }

    /** A command that was on its way when its connection broke may or may not be recorded; that is not the point here. */
    private void recordInSpiteOfAll() {
        try {
            ledger.send(transcription(1), ORIGIN).join();
        } catch (RuntimeException onTheWay) {
            assertThat(onTheWay).hasMessageContaining("database");
        }
    }

    private RecordTranscription transcription(long minutes) {
        return new RecordTranscription(
                ACME,
                NOW,
                new TranscriptionId("t" + recorded++),
                Minutes.of(minutes),
                null,
                null,
                null,
                null,
                OnInsufficient.RECORD);
    }

    private Answer.Done send(OrganizationCommand command) {
        return (Answer.Done) ledger.send(command, ORIGIN).join();
    }

    private long used() {
        return new OrganizationUsageQuery(database).find(ACME).orElseThrow().usedMinutes();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for " + LONG).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
