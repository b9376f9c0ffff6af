package dev.usageledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.audit.SignedHeads.Signed;
import dev.usageledger.engine.EventRows;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heads that are signed four times a day from 1 to 6 March, with one new organization each time. */
class SignedHeadsTest {
    private static final Instant MARCH_1 = Instant.parse("2026-03-01T01:00:00Z");
    private static final int DAYS = 6;
    private static final int A_DAY = 4;

    private final HikariDataSource database = TestDatabase.create();
    private final Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD);
    private final EventRows events = new EventRows(database);
    private final SigningKey key = SigningKey.of(SigningKey.generate());
    private Instant now = MARCH_1;

    @TempDir
    Path directory;

    private SignedHeads heads;
    private Signed before;

    @BeforeEach
    void sign() throws IOException {
        heads = new SignedHeads(directory.resolve("heads"));
        for (int i = 0; i < DAYS * A_DAY; i++) {
            now = MARCH_1.plus(Duration.ofHours(6).multipliedBy(i));
            record("org-" + i);
            heads.write(events, ledger.head(), now, key);
        }
        before = heads.read(key.verifying());
        assertThat(files()).hasSize(DAYS * A_DAY);
    }

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    @Test
    void a_day_that_has_been_over_for_48_hours_keeps_one_file() throws IOException {
        heads.thinOut(Instant.parse("2026-03-06T23:59:59Z"), key);

        assertThat(days())
                .containsExactly(
                        "2026-03-01",
                        "2026-03-02",
                        "2026-03-03",
                        "2026-03-04",
                        "2026-03-04",
                        "2026-03-04",
                        "2026-03-04",
                        "2026-03-05",
                        "2026-03-05",
                        "2026-03-05",
                        "2026-03-05",
                        "2026-03-06",
                        "2026-03-06",
                        "2026-03-06",
                        "2026-03-06");

        heads.thinOut(Instant.parse("2026-03-07T00:00:00Z"), key);
        assertThat(days()).filteredOn("2026-03-04"::equals).hasSize(1);
        assertThat(days()).filteredOn("2026-03-05"::equals).hasSize(A_DAY);
    }

    @Test
    void what_was_signed_stays_signed() throws IOException {
        Path last = files().getLast();
        thinOutAll();

        assertThat(files()).hasSize(DAYS + 1).contains(last);
        assertThat(heads.read(key.verifying())).isEqualTo(before);

        record("org-late");
        heads.write(events, ledger.head(), now.plus(Duration.ofDays(30)), key);
        heads.thinOut(now.plus(Duration.ofDays(60)), key);
        assertThat(heads.read(key.verifying()).faults()).isEmpty();
        assertThat(files()).hasSize(DAYS + 1);
    }

    @Test
    void what_goes_missing_shows_by_the_files_that_are_left() throws IOException, SQLException {
        thinOutAll();
        execute(
                "ALTER TABLE ledger.events DISABLE TRIGGER events_are_append_only",
                "DELETE FROM ledger.events WHERE organization_id IN ('org-1', 'org-2')");

        assertThat(new ChainVerification(events, heads, key.verifying())
                        .all(read -> {})
                        .findings())
                .extracting(Finding::organizationId)
                .containsExactly("org-1", "org-2");
    }

    @Test
    void a_file_that_stands_for_a_day_cannot_be_taken_out_either() throws IOException {
        thinOutAll();
        Files.delete(files().get(2));

        assertThat(heads.read(key.verifying()).faults())
                .containsExactly(files().get(2).getFileName() + ": the file before it is missing");
    }

    @Test
    void a_copy_that_still_has_what_was_made_into_one_is_sound_and_gets_rid_of_it() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        copyTo(copy);
        thinOutAll();
        List<Path> thinned = files();
        copyTo(copy);
        SignedHeads copied = new SignedHeads(copy);

        assertThat(copied.read(key.verifying())).isEqualTo(before);

        copied.thinOut(now, key);
        assertThat(names(copy)).isEqualTo(names(directory.resolve("heads"))).hasSize(thinned.size());
        assertThat(copied.read(key.verifying())).isEqualTo(before);
    }

    @Test
    void all_files_stay_while_something_is_wrong_with_one() throws IOException {
        Path tampered = files().get(13);
        Files.writeString(tampered, Files.readString(tampered).replace("\"sequence\":0", "\"sequence\":1"));
        List<String> faults = heads.read(key.verifying()).faults();

        thinOutAll();

        assertThat(faults).isNotEmpty();
        assertThat(files()).hasSize(DAYS * A_DAY);
        assertThat(heads.read(key.verifying()).faults()).isEqualTo(faults);
    }

    @Test
    void the_files_of_another_key_stay() throws IOException {
        heads.thinOut(now.plus(Duration.ofDays(10)), SigningKey.of(SigningKey.generate()));

        assertThat(files()).hasSize(DAYS * A_DAY);
        assertThat(heads.read(key.verifying())).isEqualTo(before);
    }

    @Test
    void whoever_reads_while_files_become_one_sees_nothing_wrong() throws IOException {
        for (int round = 0; round < 30; round++) {
            Path copy = Files.createDirectory(directory.resolve("copy-" + round));
            copyTo(copy);
            SignedHeads copied = new SignedHeads(copy);
            CompletableFuture<Void> thinning =
                    CompletableFuture.runAsync(() -> copied.thinOut(now.plus(Duration.ofDays(10)), key));
            while (!thinning.isDone()) {
                assertThat(copied.read(key.verifying())).isEqualTo(before);
            }
            thinning.join();
            assertThat(names(copy)).hasSize(DAYS + 1);
        }
    }

    private void thinOutAll() {
        heads.thinOut(now.plus(Duration.ofDays(10)), key);
    }

    private void record(String organization) {
        OrganizationId id = new OrganizationId(organization);
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            ledger.send(RandomHistory.of(1, id, 1).steps().getFirst().command(), new Origin("test", "request", null))
                    .join();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("heads"))) {
            return files.filter(file -> file.toString().endsWith(".heads"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(Predicate.not("lock"::equals))
                    .sorted()
                    .toList();
        }
    }

    /** The days on which the files were written. */
    private List<String> days() throws IOException {
        List<String> days = new ArrayList<>();
        for (Path file : files()) {
            String title = Files.readAllLines(file).getFirst();
            int at = title.indexOf("\"at\":\"") + 6;
            days.add(title.substring(at, at + 10));
        }
        return days;
    }

    private void copyTo(Path copy) throws IOException {
        files().forEach(file -> {
            try {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
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
