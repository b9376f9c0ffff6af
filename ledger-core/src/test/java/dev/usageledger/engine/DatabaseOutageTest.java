package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.TranscriptionId;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a server of its own, which is stopped and started again. The timeout only ends a test that hangs. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseOutageTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final Origin ORIGIN = new Origin("test", "request-1", null);

    @TempDir
    private Path directory;

    private EmbeddedPostgres server;
    private final HikariDataSource database = new HikariDataSource();

    @BeforeEach
    void startFirst() throws IOException {
        server = start(0);
        database.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
        database.setConnectionTimeout(500);
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    @AfterEach
    void close() throws IOException {
        database.close();
        server.close();
    }

    @Test
    void while_the_database_is_away_the_ledger_says_so_and_goes_on_when_it_is_back() throws Exception {
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD);
                BlockingStream<TrackedEventMessage<?>> stream =
                        ledger.eventStore().openStream(null)) {
            ledger.send(open(), ORIGIN).join();
            ledger.send(record("t1", 60), ORIGIN).join();
            Standing before = ledger.standing(ACME, NOW).orElseThrow();

            int port = server.getPort();
            server.close();
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> ledger.send(record("t2", 5), ORIGIN).join())
                    .withCauseInstanceOf(LedgerUnavailableException.class);
            assertThatExceptionOfType(LedgerUnavailableException.class).isThrownBy(() -> ledger.standing(ACME, NOW));
            assertThatExceptionOfType(LedgerUnavailableException.class)
                    .isThrownBy(() -> ledger.events(new EventQuery(ACME, null, 10)));
            assertThatExceptionOfType(LedgerUnavailableException.class).isThrownBy(ledger::head);

            server = start(port);
            assertThat(standingAtLast(ledger))
                    .as("nothing was recorded meanwhile")
                    .isEqualTo(before);
            Answer.Done answer = answerAtLast(ledger, record("t2", 5));
            assertThat(answer.replayed()).isFalse();
            assertThat(answer.standing().balance().used()).isEqualTo(Minutes.of(65));
            assertThat(((Answer.Done) ledger.send(record("t2", 5), ORIGIN).join()).replayed())
                    .isTrue();
            assertThat(ledger.events(new EventQuery(ACME, null, 10))).hasSize(3);
            for (long position = 1; position <= 3; position++) {
                assertThat(nextAtLast(stream)).isEqualTo(position);
            }
        }
    }

    private EmbeddedPostgres start(int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false);
        return port == 0 ? builder.start() : builder.setPort(port).start();
    }

    private static Answer.Done answerAtLast(Ledger ledger, OrganizationCommand command) {
        while (true) {
            try {
                return (Answer.Done) ledger.send(command, ORIGIN).join();
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(LedgerUnavailableException.class);
            }
        }
    }

    private static Standing standingAtLast(Ledger ledger) {
        while (true) {
            try {
                return ledger.standing(ACME, NOW).orElseThrow();
            } catch (LedgerUnavailableException e) {
                // The pool needs a moment to connect again.
                Thread.onSpinWait();
            }
        }
    }

    private static long nextAtLast(BlockingStream<TrackedEventMessage<?>> stream) throws InterruptedException {
        while (true) {
            try {
                return stream.nextAvailable().trackingToken().position().orElseThrow();
            } catch (LedgerUnavailableException e) {
                Thread.onSpinWait();
            }
        }
    }

    private static OpenOrganization open() {
        return new OpenOrganization(
                ACME,
                NOW,
                "Acme",
                new Plan("team", Minutes.of(100), Plan.Limit.HARD),
                ZoneOffset.UTC,
                LocalDateTime.parse("2026-01-31T00:00:00"));
    }

    private static RecordTranscription record(String transcription, long minutes) {
        return new RecordTranscription(
                ACME,
                NOW,
                new TranscriptionId(transcription),
                Minutes.of(minutes),
                null,
                null,
                null,
                null,
                OnInsufficient.RECORD);
    }
}
