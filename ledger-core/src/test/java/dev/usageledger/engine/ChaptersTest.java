package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.CorrectTranscription;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.testing.TestDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However a chapter came to be written, it says what its events say. Usage comes as it is recorded, soon after, and
 * late, and is corrected; the seeds are in the names of the tests.
 */
@Timeout(120)
class ChaptersTest {
    private static final Instant START = Instant.parse("2026-02-01T10:00:00Z");
    private static final Origin ORIGIN = new Origin("test", "request-1", null);
    private static final List<OrganizationId> ORGANIZATIONS =
            IntStream.range(0, 4).mapToObj(i -> new OrganizationId("o" + i)).toList();

    private static final String HOLES = """
            SELECT coalesce(sum(most - there), 0) FROM (
                SELECT max(chapter) + 1 AS most, count(*) AS there FROM ledger.chapters GROUP BY organization_id
            ) AS each
            """;

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_node_that_stops_has_written_all_that_it_recorded(long seed) {
        Usage usage = new Usage(seed, 2);
        Ledger ledger = ledger();
        usage.open().forEach(command -> sent(ledger, command).join());
        for (int round = 0; round < 12; round++) {
            sent(ledger, usage.next(400));
        }

        ledger.close();

        List<String> written = chapters();
        assertThat(written).hasSize(complete()).hasSizeGreaterThan(4);
        assertThat(written).isEqualTo(readAgain());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void what_two_nodes_record_in_turn_is_written_without_a_look(long seed) throws InterruptedException {
        Usage usage = new Usage(seed, 2);
        try (Ledger one = ledger();
                Ledger other = ledger()) {
            usage.open().forEach(command -> sent(one, command).join());
            for (int round = 0; round < 30; round++) {
                sent(round % 2 == 0 ? one : other, usage.next(100));
            }
            areAllWrittenByAndBy();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void what_becomes_known_late_is_written_however_much_it_is(long seed) throws InterruptedException {
        Usage usage = new Usage(seed, 60);
        LedgerSettings fewKept = new LedgerSettings(1, 1_024, 16_384, 10);
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD, fewKept, LaneMetrics.NONE)) {
            usage.open().forEach(command -> sent(ledger, command).join());
            for (int round = 0; round < 60; round++) {
                sent(ledger, usage.next(50));
            }
            areAllWrittenByAndBy();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32})
    void a_node_goes_on_in_the_chapter_that_another_began(long seed) throws InterruptedException {
        Usage usage = new Usage(seed, 2);
        try (Ledger ledger = ledger()) {
            usage.open().forEach(command -> sent(ledger, command).join());
        }
        for (int start = 0; start < 4; start++) {
            try (Ledger ledger = ledger()) {
                sent(ledger, usage.next(700));
                sent(ledger, usage.next(4_000));
            }
        }
        assertThat(count(HOLES)).as("chapters missing before others").isPositive();
        try (Ledger ledger = ledger()) {
            assertThat(ledger.head()).isPositive();
            areAllWrittenByAndBy();
        }
    }

    @Test
    void what_could_not_be_written_is_written_once_it_can_be() throws InterruptedException {
        Usage usage = new Usage(41, 2);
        try (Ledger ledger = ledger()) {
            usage.open().forEach(command -> sent(ledger, command).join());
            // A sequence goes on although what has asked it is rolled back.
            execute("CREATE SEQUENCE refusals");
            execute("ALTER TABLE ledger.chapters ADD CONSTRAINT refused CHECK (nextval('refusals') < 0)");
            sent(ledger, usage.next(6_000));
            while (count("SELECT last_value FROM refusals") < 10) {
                Thread.sleep(10);
            }
            assertThat(chapters()).isEmpty();
            execute("ALTER TABLE ledger.chapters DROP CONSTRAINT refused");
            areAllWrittenByAndBy();
        }
    }

    @Test
    void a_wrong_snapshot_takes_the_chapters_of_its_organization_with_it() {
        Usage usage = new Usage(51, 2);
        Ledger ledger = ledger();
        usage.open().forEach(command -> sent(ledger, command).join());
        sent(ledger, usage.next(4_000));
        ledger.close();
        int written = chapters().size();
        OrganizationId one = ORGANIZATIONS.getFirst();

        transactions.run(connection -> EventHistory.removeSnapshots(
                connection,
                EventHistory.snapshots(connection, OrganizationRange.ALL, Long.MAX_VALUE).values().stream()
                        .filter(snapshot -> snapshot.organizationId().equals(one))
                        .toList()));

        assertThat(chapters())
                .noneMatch(chapter -> chapter.startsWith(one + " "))
                .hasSize(written * 3 / 4);
    }

    private void areAllWrittenByAndBy() throws InterruptedException {
        int complete = complete();
        assertThat(complete).isGreaterThan(2);
        while (chapters().size() < complete) {
            Thread.sleep(10);
        }
        assertThat(chapters()).isEqualTo(readAgain());
    }

    private Ledger ledger() {
        return new Ledger(database, LedgerPolicy.STANDARD);
    }

    private static void sent(Ledger ledger, List<OrganizationCommand> commands) {
        commands.stream().map(command -> sent(ledger, command)).toList().forEach(CompletableFuture::join);
    }

    private static CompletableFuture<Answer> sent(Ledger ledger, OrganizationCommand command) {
        return ledger.send(command, ORIGIN)
                .whenComplete((answer, fault) -> assertThat(answer).isInstanceOf(Answer.Done.class));
    }

    private int complete() {
        return ORGANIZATIONS.stream()
                .mapToInt(id -> (int)
                        Chapter.completeAfter(transactions.call(connection -> EventTable.lastSequence(connection, id))))
                .sum();
    }

    private List<String> readAgain() {
        execute("TRUNCATE ledger.chapters");
        try (Ledger ledger = ledger()) {
            Instant end = START.plus(Duration.ofDays(400));
            ORGANIZATIONS.forEach(
                    id -> assertThat(ledger.standing(id, end, end)).isPresent());
        }
        return chapters();
    }

    private void execute(String sql) {
        transactions.run(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
    }

    private long count(String sql) {
        return transactions.call(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private List<String> chapters() {
        return transactions.call(connection -> {
            List<String> rows = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("""
                            SELECT organization_id, chapter, position, format, delayed_since, late_since, all_since,
                                late, minutes, state
                            FROM ledger.chapters ORDER BY organization_id, chapter
                            """)) {
                while (row.next()) {
                    rows.add(line(row));
                }
            }
            return rows;
        });
    }

    private static String line(ResultSet row) throws SQLException {
        StringBuilder line = new StringBuilder();
        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
            line.append(row.getString(column)).append(' ');
        }
        return line.toString();
    }

    /** Usage of a few organizations, in the order in which it is reported; of a hundred reports so many are late. */
    private static final class Usage {
        private final SplittableRandom random;
        private final int late;
        private Instant now = START;
        private int transcriptions;
        private int corrections;

        Usage(long seed, int late) {
            this.random = new SplittableRandom(seed);
            this.late = late;
        }

        List<OrganizationCommand> open() {
            return ORGANIZATIONS.stream()
                    .<OrganizationCommand>map(id -> new OpenOrganization(
                            id,
                            now,
                            "Acme",
                            new Plan("standard", Minutes.of(1_000), Plan.Limit.SOFT),
                            ZoneOffset.UTC,
                            LocalDateTime.parse("2026-01-01T00:00:00")))
                    .toList();
        }

        List<OrganizationCommand> next(int commands) {
            return IntStream.range(0, commands).mapToObj(i -> next()).toList();
        }

        private OrganizationCommand next() {
            now = now.plusMillis(random.nextInt(120_000));
            // Each transcription belongs to the organization that its number says.
            return transcriptions > 100 && random.nextInt(100) < late
                    ? correction(transcriptions - 1 - random.nextInt(100))
                    : recording(transcriptions++);
        }

        private OrganizationCommand recording(int number) {
            return new RecordTranscription(
                    organization(number),
                    now,
                    new TranscriptionId("t" + number),
                    Minutes.of(random.nextInt(60)),
                    null,
                    occurredAt(),
                    null,
                    null,
                    OnInsufficient.RECORD);
        }

        private @Nullable Instant occurredAt() {
            int dice = random.nextInt(100);
            if (dice < late) {
                return now.minus(Duration.ofMinutes(10 + random.nextInt(40 * 24 * 60)));
            }
            return dice < 60
                    ? null
                    : now.minusNanos(random.nextLong(Duration.ofMinutes(10).toNanos()));
        }

        private OrganizationCommand correction(int number) {
            return new CorrectTranscription(
                    organization(number),
                    now,
                    new CorrectionId("c" + corrections++),
                    new TranscriptionId("t" + number),
                    Minutes.of(random.nextInt(60)),
                    "measured again");
        }

        private static OrganizationId organization(int transcription) {
            return ORGANIZATIONS.get(transcription % ORGANIZATIONS.size());
        }
    }
}
