package dev.usageledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.EventRows;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditExportTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final OrganizationId ACME = new OrganizationId("acme");

    private final HikariDataSource database = TestDatabase.create();
    private final SigningKey key = SigningKey.of(SigningKey.generate());
    private final AuditExport export = new AuditExport(new EventRows(database), key);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatever_part_of_a_history_is_exported_it_recomputes_to_what_the_ledger_says() throws IOException {
        long seed = Long.getLong("ledger.seed", System.nanoTime());
        System.out.println("AuditExportTest: -Dledger.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            OrganizationId id = new OrganizationId("o" + i);
            List<OrganizationEvent> history = record(RandomHistory.of(seed + i, id, 80));
            Instant from = random.nextInt(3) == 0 ? null : moment(history, random);
            Instant to = random.nextInt(3) == 0 ? NOW : moment(history, random);

            String file = export(id, from, to);
            AuditCheck.Result result = check(file);

            List<OrganizationEvent> before = history.stream()
                    .filter(event -> event.recordedAt().isBefore(to))
                    .toList();
            Organization expected = state(before);
            assertThat(result.organizationId()).isEqualTo(id.value());
            assertThat(result.balance())
                    .as("seed %d, history %d", seed, i)
                    .isEqualTo(expected instanceof Open open ? ClosingBalance.of(open) : null);
            assertThat(result.events())
                    .isEqualTo(before.stream()
                            .filter(event -> from == null || !event.recordedAt().isBefore(from))
                            .count());
            if (expected instanceof Open open) {
                assertThat(result.statements())
                        .endsWith(PeriodStatement.of(open.periods().current()));
                if (from == null) {
                    assertThat(result.statements().stream()
                                    .mapToLong(PeriodStatement::used)
                                    .sum())
                            .isEqualTo(before.stream()
                                    .mapToLong(AuditExportTest::used)
                                    .sum());
                }
            }
            assertThat(result.signedBy().fingerprint())
                    .isEqualTo(key.verifying().fingerprint());
        }
    }

    @Test
    void a_file_that_was_changed_anywhere_proves_nothing() throws IOException {
        record(RandomHistory.of(11, ACME, 60));
        byte[] file = export(ACME, null, NOW).getBytes(StandardCharsets.UTF_8);
        long seed = Long.getLong("ledger.seed", System.nanoTime());
        System.out.println("AuditExportTest: -Dledger.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] changed = file.clone();
            int place = random.nextInt(file.length - 1);
            changed[place] = (byte) (changed[place] == 'x' ? 'y' : 'x');

            assertThatExceptionOfType(AuditFailedException.class)
                    .as("seed %d: byte %d", seed, place)
                    .isThrownBy(() -> check(new String(changed, StandardCharsets.UTF_8)));
        }
    }

    @Test
    void a_file_without_one_of_its_lines_proves_nothing() throws IOException {
        record(RandomHistory.of(12, ACME, 40));
        List<String> lines = export(ACME, null, NOW).lines().toList();
        for (int left = 0; left < lines.size(); left++) {
            int out = left;
            String file = IntStream.range(0, lines.size())
                    .filter(i -> i != out)
                    .mapToObj(lines::get)
                    .collect(Collectors.joining("\n"));

            assertThatExceptionOfType(AuditFailedException.class).isThrownBy(() -> check(file));
        }
    }

    /** Whoever signs anew with a key of their own shows by that key alone, so what the events come to is checked too. */
    @Test
    void numbers_that_were_changed_and_signed_anew_are_not_believed() throws IOException {
        record(RandomHistory.of(13, ACME, 40));
        List<String> lines = export(ACME, null, NOW).lines().toList();
        SigningKey theirs = SigningKey.of(SigningKey.generate());

        assertThat(check(signed(lines, theirs)).signedBy().fingerprint())
                .isEqualTo(theirs.verifying().fingerprint());
        assertThatExceptionOfType(AuditFailedException.class)
                .isThrownBy(() -> check(signed(replaced(lines, lines.size() - 2, "\"used\":", "\"used\":1"), theirs)))
                .withMessageContaining("statements");
        assertThatExceptionOfType(AuditFailedException.class)
                .isThrownBy(() -> check(signed(replaced(lines, lines.size() - 2, "\"held\":", "\"held\":1"), theirs)))
                .withMessageContaining("balance");
        assertThatExceptionOfType(AuditFailedException.class)
                .isThrownBy(() -> check(signed(replaced(lines, 3, "\"revision\":1", "\"revision\":2"), theirs)))
                .withMessage("event 2 is not as it was recorded");
    }

    @Test
    void what_is_unknown_is_not_exported() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThat(export.write(ACME, null, NOW, NOW, out)).isFalse();
        assertThat(out.size()).isZero();
    }

    @Test
    void a_history_that_was_changed_is_not_exported() throws SQLException {
        record(RandomHistory.of(14, ACME, 30));
        execute(
                "ALTER TABLE ledger.events DISABLE TRIGGER events_are_append_only",
                "UPDATE ledger.events SET metadata = '{\"actor\":\"me\"}' WHERE sequence = 4");

        assertThatExceptionOfType(BrokenChainException.class)
                .isThrownBy(() -> export(ACME, null, NOW))
                .withMessage("event 4 of acme is not as it was recorded");
    }

    private List<OrganizationEvent> record(RandomHistory history) {
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            history.steps()
                    .forEach(step -> ledger.send(step.command(), new Origin("test", "r", "“why”"))
                            .join());
        }
        return history.events();
    }

    private static Instant moment(List<OrganizationEvent> history, Random random) {
        return history.get(random.nextInt(history.size())).recordedAt().plusNanos(1_000L * random.nextInt(2));
    }

    private static Organization state(List<OrganizationEvent> events) {
        Organization state = Organization.NOT_OPENED;
        for (OrganizationEvent event : events) {
            state = OrganizationDecider.evolve(state, event);
        }
        return state;
    }

    private static long used(OrganizationEvent event) {
        return switch (event) {
            case TranscriptionRecorded recorded -> recorded.minutes().value();
            case TranscriptionCorrected corrected ->
                corrected.minutes().value() - corrected.before().value();
            default -> 0;
        };
    }

    private String export(OrganizationId id, @Nullable Instant from, Instant to) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(export.write(id, from, to, NOW, out)).isTrue();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static AuditCheck.Result check(String file) throws IOException {
        return AuditCheck.of(new BufferedReader(new StringReader(file)));
    }

    private static String signed(List<String> lines, SigningKey key) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var writer = new SignedLines.Writer(out, key);
        for (String line : lines.subList(0, lines.size() - 1)) {
            writer.raw(line);
        }
        writer.sign();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<String> replaced(List<String> lines, int index, String old, String other) {
        String[] changed = lines.toArray(String[]::new);
        assertThat(changed[index]).contains(old);
        changed[index] = changed[index].replace(old, other);
        return Arrays.asList(changed);
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
