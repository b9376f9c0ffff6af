package dev.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code ./ledger rebuild} and {@code ./ledger reconcile} as somebody runs them, beside a database of one's own. */
class RebuildCommandsTest {
    private static final long SEED = 7;
    private static final int COMMANDS = 100;

    private final HikariDataSource database = TestDatabase.create();

    @TempDir
    Path data;

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void drift_is_told_and_repaired() throws Exception {
        happen();
        assertThat(run("reconcile")).satisfies(unbuilt -> {
            assertThat(unbuilt.exitCode()).isEqualTo(2);
            assertThat(unbuilt.err()).contains("ledger: The live read models hold [nothing]");
        });
        assertThat(run("rebuild")).satisfies(rebuilt -> {
            assertThat(rebuilt.exitCode()).isZero();
            assertThat(rebuilt.out()).startsWith("Rebuilt organization_usage, transcriptions, ");
            assertThat(rebuilt.err()).contains("Rebuilding 100 %");
        });
        assertThat(run("reconcile")).satisfies(well -> {
            assertThat(well.exitCode()).isZero();
            assertThat(well.out()).startsWith("No difference as of position ");
        });

        JdbcClient.create(database)
                .sql("UPDATE reporting.transcriptions SET minutes = 4711")
                .update();
        assertThat(run("reconcile", "--most", "1")).satisfies(drifted -> {
            assertThat(drifted.exitCode()).isEqualTo(1);
            assertThat(drifted.out())
                    .containsOnlyOnce("    minutes: live 4711, rebuilt ")
                    .contains("reporting.transcriptions (organization_id acme, transcription_id ")
                    .contains(" more (--most tells more of them)")
                    .contains("(reporting.transcriptions ");
        });
        assertThat(run("reconcile", "--json", "--repair")).satisfies(repaired -> {
            assertThat(repaired.exitCode()).isEqualTo(1);
            assertThat(repaired.out().lines())
                    .allMatch(line -> line.startsWith("{"))
                    .anyMatch(line -> line.contains("\"live\":\"4711\""))
                    .anyMatch(line -> line.contains("\"repaired\":true"));
        });
        assertThat(run("reconcile").exitCode()).isZero();
    }

    @Test
    void what_cannot_be_rebuilt_is_told_in_one_line() throws Exception {
        assertThat(run("rebuild", "turnover")).satisfies(refused -> {
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).startsWith("ledger: There is no projection turnover.");
        });
    }

    private void happen() {
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            for (RandomHistory.Step step :
                    RandomHistory.of(SEED, new OrganizationId("acme"), COMMANDS).steps()) {
                ledger.send(step.command(), new Origin("test", "request", null)).join();
            }
        }
    }

    private record Ended(int exitCode, String out, String err) {}

    private Ended run(String... arguments) throws IOException, InterruptedException {
        List<String> java = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.usageledger.api.LedgerApplication");
        ProcessBuilder command =
                new ProcessBuilder(Stream.of(java, List.of(arguments), List.of("--data", data.toString()))
                        .flatMap(List::stream)
                        .toList());
        command.environment()
                .putAll(Map.of(
                        "SPRING_DATASOURCE_URL", database.getJdbcUrl(),
                        "SPRING_DATASOURCE_USERNAME", database.getUsername(),
                        "SPRING_DATASOURCE_PASSWORD", database.getPassword()));
        Path err = data.resolve("err");
        Process process = command.redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }
}
