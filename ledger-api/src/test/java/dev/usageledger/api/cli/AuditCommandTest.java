package dev.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.api.DataDirectory;
import dev.usageledger.api.audit.AuditDirectory;
import dev.usageledger.api.postgres.DatabaseAccess;
import dev.usageledger.api.postgres.EmbeddedPostgres;
import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.EventRows;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a data directory and a server as the service has them, beside a process that holds them and alone. */
class AuditCommandTest {
    @TempDir
    Path temporary;

    private DataDirectory directory;
    private EmbeddedPostgres postgres;
    private HikariDataSource database;

    @BeforeEach
    void recordSomeHistory() throws Exception {
        directory = DataDirectory.open(temporary.resolve("data"));
        postgres = EmbeddedPostgres.start(directory, line -> {});
        DatabaseAccess access = postgres.access();
        database = new HikariDataSource();
        database.setJdbcUrl(access.jdbcUrl());
        database.setUsername(access.user());
        database.setPassword(access.password());
        Flyway.configure().dataSource(database).defaultSchema("public").load().migrate();
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            for (String id : new String[] {"acme", "globex"}) {
                RandomHistory.of(id.hashCode(), new OrganizationId(id), 40)
                        .steps()
                        .forEach(step -> ledger.send(step.command(), new Origin("test", "r", null))
                                .join());
            }
        }
        var audit = new AuditDirectory(directory);
        try (Connection connection = database.getConnection()) {
            audit.heads()
                    .write(
                            new EventRows(database),
                            EventHistory.settled(connection),
                            Instant.parse("2026-11-21T10:00:00Z"),
                            audit.signingKey());
        }
    }

    @AfterEach
    void close() {
        database.close();
        postgres.close();
        directory.close();
    }

    @Test
    void a_ledger_is_verified_and_exported_beside_the_service_and_without_it() throws Exception {
        Path file = temporary.resolve("acme.ndjson");

        assertThat(ledger("audit", "verify"))
                .startsWith("0 ✓ ")
                .contains("of 2 organizations, each as it was recorded", "of 2026-11-21T10:00:00Z; 0 events are newer");
        assertThat(ledger("audit", "export", "--organization=acme", "--out=" + file))
                .isEqualTo("0 ");

        database.close();
        postgres.close();
        directory.close();

        assertThat(ledger("audit", "verify")).startsWith("0 ✓ ");
        assertThat(ledger("audit", "verify", "--organization=acme")).contains("of 1 organization,");
        assertThat(ledgerWithoutData("audit", "check", file.toString(), "--key=" + key()))
                .startsWith("0 ✓ acme: ")
                .contains("the key that was given", "After the last of these events: ");
    }

    @Test
    void what_is_not_as_it_was_recorded_is_named() throws Exception {
        execute(
                "ALTER TABLE ledger.events DISABLE TRIGGER events_are_append_only",
                "UPDATE ledger.events SET metadata = '{}' WHERE organization_id = 'acme' AND sequence = 7",
                "DELETE FROM ledger.events WHERE organization_id = 'globex' AND sequence >= 5");

        assertThat(ledger("audit", "verify"))
                .startsWith("1 ✗ acme, event 7: what it says behind event 6 is not what was hashed (changed)")
                .contains("✗ globex, event 5: it is missing, and so are all to ");
        assertThat(ledger("audit", "export", "--organization=acme", "--out=" + temporary.resolve("acme.ndjson")))
                .startsWith("1 ledger: event 7 of acme is not as it was recorded.");
    }

    @Test
    void what_cannot_be_told_is_not_taken_for_a_finding() throws Exception {
        Path nothing = temporary.resolve("nothing");

        assertThat(ledgerWithoutData("audit", "verify", "--data=" + nothing))
                .startsWith("2 ledger: There is no ledger in " + nothing);
        assertThat(nothing).doesNotExist();
        assertThat(ledger("audit", "export", "--organization=nobody"))
                .isEqualTo("2 ledger: There is no organization nobody.\n");
        assertThat(ledgerWithoutData("audit", "check", nothing.toString()))
                .isEqualTo("2 ledger: There is no file %s.\n".formatted(nothing));
        Path file = Files.writeString(temporary.resolve("other.txt"), "Dear customer,\n");
        assertThat(ledgerWithoutData("audit", "check", file.toString())).startsWith("1 ✗ " + file);
    }

    private Path key() {
        return temporary.resolve("data/audit/public-key.pem");
    }

    private String ledger(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--data=" + temporary.resolve("data");
        return ledgerWithoutData(all);
    }

    /** The exit code, and all that was printed. */
    private static String ledgerWithoutData(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var printed = new ByteArrayOutputStream();
        var to = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(to);
        System.setErr(to);
        try {
            int exitCode = LedgerCommand.execute(arguments);
            return exitCode + " " + printed.toString(StandardCharsets.UTF_8);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
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
