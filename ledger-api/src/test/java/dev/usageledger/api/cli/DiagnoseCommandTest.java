package dev.usageledger.api.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.api.LedgerApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Diagnosing and erasing from the command line: beside a running service, and without one. */
class DiagnoseCommandTest {
    private static final String KEY = "ulk_only-this-test-knows";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path data;

    /** What a process said and how it ended. */
    private record Run(int exitCode, String output, String errors) {}

    @Test
    void it_works_beside_a_service_and_without_one() throws Exception {
        assertThat(run("diagnose", "ada@example.com").exitCode()).isEqualTo(2);

        Process service = new ProcessBuilder(command("start", "--port=0"))
                .redirectErrorStream(true)
                .start();
        try {
            String url = urlOf(service);
            put(url + "/v1/organizations/acme", """
                    {"name": "Acme", "plan": {"code": "team", "includedMinutes": 10, "limit": "HARD"},
                     "zone": "UTC", "periodAnchor": "2026-01-31T00:00"}""");
            put(url + "/v1/organizations/acme/members/ada", """
                    {"email": "ada@example.com"}""");

            JsonNode told = send(HttpRequest.newBuilder(URI.create(url + "/v1/diagnoses?email=ada@example.com"))
                    .GET());
            Run asJson = run("diagnose", "Ada@example.com", "--json");
            assertThat(asJson.exitCode()).as(asJson.errors()).isZero();
            assertThat(withoutTime(JSON.readTree(asJson.output()))).isEqualTo(withoutTime(told));

            put(url + "/v1/organizations/globex", """
                    {"name": "Globex", "plan": {"code": "none", "includedMinutes": 0, "limit": "HARD"},
                     "zone": "UTC", "periodAnchor": "2026-01-31T00:00"}""");
        } finally {
            service.toHandle().destroy();
            service.inputReader().lines().forEach(line -> {});
            assertThat(service.waitFor(60, SECONDS)).isTrue();
        }

        Run well = run("diagnose", "ada@example.com");
        assertThat(well.exitCode()).as(well.errors()).isZero();
        assertThat(well.output())
                .startsWith(
                        "ada@example.com (ada) belongs to Acme (acme), which has 10 minutes left (10 base + 0 overage).")
                .contains("✓ base", "There is nothing to do.")
                .doesNotContain("✗");
        Run found = run("diagnose", "--organization", "globex");
        assertThat(found.exitCode()).isEqualTo(1);
        assertThat(found.output()).contains("✗ limit", "What to do:\n  1. Buy at least 1 minute");
        assertThat(run("diagnose", "--user", "nobody").exitCode()).isEqualTo(2);
        assertThat(run("diagnose").exitCode()).isEqualTo(2);

        assertThat(run("erase", "ada@example.com").output()).isEqualTo("Erased 1 address of 1 person.\n");
        assertThat(run("diagnose", "ada@example.com").exitCode()).isEqualTo(2);
        assertThat(run("diagnose", "--user", "ada").exitCode()).isZero();
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    private static JsonNode withoutTime(JsonNode diagnosis) {
        return ((ObjectNode) diagnosis).without("asOf");
    }

    private Run run(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(arguments)).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), output, errors);
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dstdout.encoding=UTF-8",
                "-DLEDGER_API_KEY=" + KEY,
                "-cp",
                System.getProperty("java.class.path"),
                LedgerApplication.class.getName()));
        Stream.of(arguments).forEach(command::add);
        command.add("--data=" + data);
        return command;
    }

    private static String urlOf(Process service) throws IOException {
        String url = "";
        for (String line = service.inputReader().readLine();
                line != null && !line.contains("Ctrl-C stops it");
                line = service.inputReader().readLine()) {
            int at = line.indexOf("http://localhost:");
            url = at < 0 || !url.isEmpty() ? url : line.substring(at).strip();
        }
        return url;
    }

    private static void put(String url, String json) throws IOException, InterruptedException {
        send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
    }

    private static JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer =
                    client.send(request.header("Authorization", "Bearer " + KEY).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
            return JSON.readTree(answer.body());
        }
    }
}
