package dev.usageledger.api.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.api.LedgerApplication;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own, from its command line to its exit code. */
class StartCommandTest {
    private static final Pattern URL = Pattern.compile("Ledger +(http://localhost:\\d+)");

    @TempDir
    Path temporary;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop_everything() throws InterruptedException {
        for (Process process : started) {
            terminate(process);
            if (!process.waitFor(60, SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void it_serves_until_it_is_told_to_stop() throws Exception {
        Process ledger = ledger("start", "--port=0", "--data=" + temporary);
        String banner = bannerOf(ledger);

        assertThat(banner)
                .contains("PostgreSQL 18.", "fsync on, synchronous_commit on", "in " + temporary.toRealPath());
        assertThat(get(urlIn(banner) + "/actuator/health/readiness")).contains("UP");
        assertThat(outputOf(ledger("start", "--port=0", "--data=" + temporary)))
                .containsExactly(
                        "ledger: Another ledger is using the data directory %s. Stop it, or give this one a directory of its own with --data."
                                .formatted(temporary.toRealPath()));

        terminate(ledger);
        assertThat(outputOf(ledger)).isEmpty();
        assertThat(ledger.exitValue()).isEqualTo(128 + 15);
        assertThat(temporary.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void a_killed_ledger_starts_again() throws Exception {
        Process killed = ledger("start", "--port=0", "--data=" + temporary);
        bannerOf(killed);
        killed.destroyForcibly().waitFor();

        String banner = bannerOf(ledger("start", "--port=0", "--data=" + temporary));

        assertThat(banner).contains("Took over the PostgreSQL that a killed ledger left running.");
        assertThat(get(urlIn(banner) + "/actuator/health/readiness")).contains("UP");
    }

    @Test
    void a_check_starts_everything_and_stops_again() throws Exception {
        Process ledger =
                ledger("start", "--check", "--port=0", "--data=" + temporary, "--test-clock=2026-02-01T00:00:00Z");

        assertThat(bannerOf(ledger)).contains("TEST CLOCK, stands at 2026-02-01T00:00:00Z");
        assertThat(outputOf(ledger)).isEmpty();
        assertThat(ledger.exitValue()).isZero();
        assertThat(temporary.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void who_is_told_that_it_is_ready_is_not_the_first_to_ask() throws Exception {
        var builder = command("start", "--demo", "--port=0", "--data=" + temporary);
        builder.environment().put("LEDGER_HTTP_OPENPROMETHEUS", "true");

        String metrics = get(urlIn(bannerOf(start(builder))) + "/actuator/prometheus");

        assertThat(metrics.lines())
                .contains(
                        "http_server_requests_seconds_count{method=\"GET\",status=\"200\",uri=\"/v1/organizations/{organizationId}/usage\"} 6");
    }

    @Test
    void a_taken_port_is_told_before_anything_starts() throws Exception {
        try (var taker = new ServerSocket(0)) {
            Process ledger = ledger("start", "--port=" + taker.getLocalPort(), "--data=" + temporary.resolve("data"));

            assertThat(outputOf(ledger))
                    .containsExactly("ledger: Port %d is taken. Stop what listens there, or name another with --port."
                            .formatted(taker.getLocalPort()));
            assertThat(ledger.exitValue()).isEqualTo(1);
            assertThat(temporary.resolve("data")).doesNotExist();
        }
    }

    @Test
    void what_the_service_itself_finds_wrong_is_told_in_one_line_too() throws Exception {
        var builder = command("start", "--port=0", "--data=" + temporary);
        builder.environment().put("LEDGER_API_KEY", "short");

        Process ledger = start(builder);

        assertThat(outputOf(ledger))
                .last()
                .isEqualTo(
                        "ledger: LEDGER_API_KEY must be 16 to 200 printable characters without spaces. Choose a longer key.");
        assertThat(ledger.exitValue()).isEqualTo(1);
        assertThat(temporary.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void a_setting_that_cannot_be_used_is_named() throws Exception {
        var builder = command("start", "--port=0", "--data=" + temporary);
        builder.environment().put("LEDGER_POLICY_LATEWINDOW", "-1h");

        assertThat(outputOf(start(builder)))
                .containsExactly(
                        "Preparing PostgreSQL in %s …".formatted(temporary.toRealPath()),
                        "ledger: The setting ledger.policy cannot be used: lateWindow must not be negative: PT-1H. Correct it where it was set.");
    }

    @Test
    void a_setting_of_the_wrong_type_is_named() throws Exception {
        var builder = command("start", "--port=0", "--data=" + temporary);
        builder.environment().put("LEDGER_HTTP_MAXBODYBYTES", "many");

        assertThat(outputOf(start(builder)).getLast())
                .startsWith(
                        "ledger: The setting ledger.http.max-body-bytes cannot be used: For input string: \"many\"");
    }

    @Test
    void an_outside_server_that_does_not_answer_is_named() throws Exception {
        int closed = closedPort();
        var builder = command("start", "--port=0");
        builder.environment().put("SPRING_DATASOURCE_URL", "jdbc:postgresql://localhost:%d/ledger".formatted(closed));

        Process ledger = start(builder);

        assertThat(outputOf(ledger))
                .singleElement()
                .asString()
                .startsWith("ledger: Cannot reach the database jdbc:postgresql://localhost:%d/ledger".formatted(closed))
                .endsWith("Check SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD.");
        assertThat(ledger.exitValue()).isEqualTo(1);
    }

    private Process ledger(String... arguments) throws IOException {
        return start(command(arguments));
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    private static ProcessBuilder command(String... arguments) {
        Stream<String> java = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LedgerApplication.class.getName());
        return new ProcessBuilder(Stream.concat(java, Stream.of(arguments)).toList());
    }

    // Process.destroy would close the output that is still to be read.
    private static void terminate(Process process) {
        process.toHandle().destroy();
    }

    private static String bannerOf(Process ledger) throws IOException {
        var banner = new StringBuilder();
        for (String line = ledger.inputReader().readLine();
                line != null;
                line = ledger.inputReader().readLine()) {
            banner.append(line).append('\n');
            if (line.contains("Ctrl-C stops it")) {
                ledger.inputReader().readLine();
                return banner.toString();
            }
        }
        throw new AssertionError("ended without a banner:\n" + banner);
    }

    private static List<String> outputOf(Process ledger) throws InterruptedException {
        List<String> lines = ledger.inputReader().lines().collect(Collectors.toList());
        ledger.waitFor();
        return lines;
    }

    private static String urlIn(String banner) {
        Matcher url = URL.matcher(banner);
        assertThat(url.find()).as(banner).isTrue();
        return url.group(1);
    }

    private static String get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
