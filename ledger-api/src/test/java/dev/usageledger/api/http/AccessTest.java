package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.api.BannerLine;
import dev.usageledger.api.access.ApiKeys;
import dev.usageledger.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

@ExtendWith(OutputCaptureExtension.class)
class AccessTest {
    private static final Pattern MADE_KEY = Pattern.compile("ulk_[A-Za-z0-9_-]{43}");

    private final Service service = Service.shared();
    private final Client client = service.client();
    private final Client anyone = new Client(service.port(), "");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/organizations",
                "/v1/organizations/acme/usage",
                "/actuator/prometheus",
                "/actuator/env",
                "/nothing",
                "/error",
                "/docs/../v1/organizations",
                "/docs/%2e%2e/v1/organizations",
                "/docs//v1/organizations",
                "/docs/x;/../v1/organizations",
                "/problems/..%2fv1%2forganizations",
                "//v1/organizations",
                "/v1/organizations/"
            })
    void nothing_is_shown_without_a_key(String path) {
        Reply reply = anyone.get(path);

        assertThat(reply.status()).isIn(400, 401, 404);
        assertThat(reply.text()).doesNotContain("items");
        if (reply.status() == 401) {
            reply.isProblem(401, "unauthenticated");
            assertThat(reply.header("WWW-Authenticate")).hasValue("Bearer realm=\"ledger\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer wrong",
                "Bearer " + Service.KEY + "x",
                "Basic dXNlcjpwYXNz",
                Service.KEY,
                "Bearer " + Service.KEY + " " + Service.KEY
            })
    void a_key_is_whole_or_it_is_none(String authorization) {
        anyone.with(Map.of("Authorization", authorization))
                .get("/v1/organizations")
                .isProblem(401, "unauthenticated");
    }

    @Test
    void a_temporary_key_counts_until_it_is_closed_and_is_not_stored() {
        Client holder;
        try (ApiKeys.TemporaryKey key = service.bean(ApiKeys.class).temporary("passing")) {
            holder = new Client(service.port(), key.text());

            holder.get("/v1/organizations").is(200);
            assertThat(service.bean(JdbcClient.class)
                            .sql("SELECT name FROM access.api_keys")
                            .query(String.class)
                            .list())
                    .doesNotContain("passing");
        }
        holder.get("/v1/organizations").isProblem(401, "unauthenticated");
    }

    @Test
    void nothing_is_done_without_a_key() {
        String organization = TestOrganization.opened(client, 100, "HARD");

        anyone.post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 10}""").isProblem(401, "unauthenticated");

        assertThat(client.get(organization + "/usage").number("/usedMinutes")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
                "/docs",
                "/problems",
                "/v3/api-docs"
            })
    void health_and_documentation_are_for_everyone(String path) {
        anyone.get(path).is(200);
    }

    @Test
    void the_scheme_may_be_written_in_any_case() {
        anyone.with(Map.of("Authorization", "bearer " + Service.KEY))
                .get("/v1/organizations")
                .is(200);
    }

    @Test
    void the_first_start_makes_a_key_and_shows_it_once() {
        try (var database = TestDatabase.create()) {
            String key;
            try (Service first = Service.start(database, "--LEDGER_API_KEY=")) {
                key = shownBy(first);
                new Client(first.port(), key).get("/v1/organizations").is(200);
                new Client(first.port(), Service.KEY).get("/v1/organizations").isProblem(401, "unauthenticated");
            }
            assertThat(JdbcClient.create(database)
                            .sql("SELECT encode(hash, 'hex') FROM access.api_keys")
                            .query(String.class)
                            .single())
                    .isEqualTo(sha256(key));

            try (Service second = Service.start(database, "--LEDGER_API_KEY=")) {
                assertThat(lines(second))
                        .noneMatch(line -> MADE_KEY.matcher(line).find());
                new Client(second.port(), key).get("/v1/organizations").is(200);
            }
            try (Service third = Service.start(database)) {
                assertThat(lines(third)).noneMatch(line -> line.contains(Service.KEY));
                new Client(third.port(), key).get("/v1/organizations").isProblem(401, "unauthenticated");
                third.client().get("/v1/organizations").is(200);
            }
        }
    }

    @Test
    void no_secret_and_nothing_about_people_is_logged(CapturedOutput output) {
        try (var database = TestDatabase.create();
                Service talkative = Service.start(
                        database,
                        "--logging.level.dev.usageledger=trace",
                        "--logging.level.org.springframework.web=trace")) {
            Client caller = talkative.client();
            String organization = TestOrganization.opened(caller, 100, "HARD");
            caller.put(organization + "/members/ada", """
                    {"email": "ada.lovelace@example.com"}""").is(200);
            caller.get(organization + "/members").is(200);
            caller.get("/v1/diagnoses?email=Private@example.com").is(200);
            caller.post("/v1/erasures", """
                    {"email": "ada.lovelace@example.com"}""").is(200);
            caller.delete(organization + "/members/ada").is(200);
            caller.post(organization + "/reservations", """
                    {"reservationId": "r1", "minutes": 101}""").is(402);
            new Client(talkative.port(), "ulk_some-wrong-key-of-somebody")
                    .get("/v1/organizations")
                    .is(401);
            caller.get("/v1/organizations?name=Private").is(200);
        }

        assertThat(output.getAll())
                .contains("Answered")
                .doesNotContain(Service.KEY)
                .doesNotContain("some-wrong-key-of-somebody")
                .doesNotContain("ada.lovelace");
        assertThat(output.getAll().lines().filter(line -> line.contains("Answered")))
                .isNotEmpty()
                .noneMatch(line -> line.contains("Private"));
    }

    @Test
    void answers_say_nothing_about_the_server() {
        Reply reply = client.get("/v1/organizations").is(200);

        assertThat(reply.header("Server")).isEmpty();
        assertThat(reply.header("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(reply.header("Cache-Control")).hasValue("no-store");
        assertThat(reply.header("Content-Security-Policy")).hasValue("default-src 'none'; frame-ancestors 'none'");
    }

    private static String shownBy(Service service) {
        return lines(service).stream()
                .map(MADE_KEY::matcher)
                .filter(Matcher::find)
                .map(Matcher::group)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(Service service) {
        return service.bean(ApiKeys.class).lines().map(BannerLine::text).toList();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
