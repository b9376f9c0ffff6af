package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.api.http.problem.ProblemType;
import dev.usageledger.projections.processing.ReadModels;
import dev.usageledger.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every code that there is, by a request that meets it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProblemsTest {
    private static final String TRANSCRIPTION = """
            {"transcriptionId": "t1", "minutes": 10}""";
    private static final String RESERVATION = """
            {"reservationId": "r1", "minutes": 10, "ttl": "PT1H"}""";
    private static final String PURCHASE = """
            {"purchaseId": "p1", "minutes": 50}""";

    private final HikariDataSource database = TestDatabase.create();
    // Time has to pass in it, and it is harmed on purpose.
    private final Service service = Service.start(
            database,
            "--ledger.test-clock=2026-02-01T00:00:00Z",
            "--ledger.http.longest-wait=300ms",
            "--spring.datasource.hikari.connection-timeout=500",
            "--spring.datasource.hikari.validation-timeout=250");
    private final Client client = service.client();

    @AfterAll
    void stop() {
        service.close();
        database.close();
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void every_code_is_met(ProblemType type) throws Exception {
        Reply reply = meet(type);

        reply.isProblem(type.status(), type.code());
        assertThat(reply.string("/title")).isEqualTo(type.title());
        assertThat(reply.string("/detail")).isNotBlank();
        assertThat(reply.header("Retry-After").isPresent()).isEqualTo(type.status() == 503);
        assertThat(Contract.errors("/components/schemas/" + schemaOf(type), reply.json()))
                .as(reply.text())
                .isEmpty();
    }

    private Reply meet(ProblemType type) throws Exception {
        String organization = TestOrganization.opened(client, 100, "HARD");
        return switch (type) {
            case INVALID_REQUEST -> client.post(organization + "/transcriptions", "{}");
            case UNAUTHENTICATED -> new Client(service.port(), "").get(organization + "/usage");
            case INSUFFICIENT_MINUTES -> client.post(organization + "/reservations", """
                    {"reservationId": "r1", "minutes": 101}""");
            case NOT_FOUND -> client.get("/v1/nothing");
            case ORGANIZATION_NOT_FOUND -> client.get(TestOrganization.unknown() + "/usage");
            case TRANSCRIPTION_NOT_FOUND -> client.post(organization + "/transcriptions/t1/corrections", """
                    {"correctionId": "c1", "minutes": 1, "reason": "why not"}""");
            case RESERVATION_NOT_FOUND -> client.post(organization + "/reservations/r1/release");
            case PURCHASE_NOT_FOUND -> client.post(organization + "/overage-purchases/p1/refunds", """
                    {"refundId": "f1"}""");
            case METHOD_NOT_ALLOWED -> client.delete("/v1/organizations");
            case NOT_ACCEPTABLE -> client.with(Map.of("Accept", "text/html")).get(organization + "/usage");
            case IDEMPOTENCY_CONFLICT -> {
                client.post(organization + "/transcriptions", TRANSCRIPTION).is(200);
                yield client.post(organization + "/transcriptions", """
                        {"transcriptionId": "t1", "minutes": 11}""");
            }
            case RESERVATION_SETTLED -> {
                client.post(organization + "/reservations", RESERVATION).is(200);
                client.post(organization + "/transcriptions", """
                        {"transcriptionId": "t1", "minutes": 10, "reservationId": "r1"}""").is(200);
                yield client.post(organization + "/reservations/r1/release");
            }
            case RESERVATION_EXPIRED -> {
                client.post(organization + "/reservations", RESERVATION).is(200);
                advance("PT1H");
                yield client.post(organization + "/reservations/r1/release");
            }
            case REFUND_EXCEEDS_UNSPENT -> {
                client.post(organization + "/overage-purchases", PURCHASE).is(200);
                yield client.post(organization + "/overage-purchases/p1/refunds", """
                        {"refundId": "f1", "minutes": 51}""");
            }
            case PERIOD_CLOSED -> {
                client.post(organization + "/transcriptions", TRANSCRIPTION).is(200);
                advance("P40D");
                yield client.post(organization + "/transcriptions/t1/corrections", """
                        {"correctionId": "c1", "minutes": 1, "reason": "too late"}""");
            }
            case TEST_CLOCK_BACKWARDS -> client.post("/v1/test-clock", """
                    {"now": "2026-01-31T23:59:59Z"}""");
            case PAYLOAD_TOO_LARGE -> client.post(organization + "/transcriptions", " ".repeat(1_048_577));
            case UNSUPPORTED_MEDIA_TYPE ->
                client.with(Map.of("Content-Type", "application/xml"))
                        .post(organization + "/transcriptions", TRANSCRIPTION);
            case USER_WITHOUT_ORGANIZATION -> client.post("/v1/transcriptions", """
                    {"transcriptionId": "t1", "minutes": 10, "userId": "nobody"}""");
            case AMBIGUOUS_ORGANIZATION -> {
                client.put(organization + "/members/both").is(200);
                client.put(TestOrganization.opened(client, 100, "HARD") + "/members/both")
                        .is(200);
                yield client.post("/v1/transcriptions", """
                        {"transcriptionId": "t1", "minutes": 10, "userId": "both"}""");
            }
            case BEFORE_OPENING -> client.get(organization + "/usage?at=2026-01-31T00:00:00Z");
            case OCCURRED_IN_THE_FUTURE -> client.post(organization + "/transcriptions", """
                    {"transcriptionId": "t1", "minutes": 10, "occurredAt": "2999-01-01T00:00:00Z"}""");
            case EXPIRY_NOT_IN_THE_FUTURE -> client.post(organization + "/overage-purchases", """
                    {"purchaseId": "p1", "minutes": 10, "expiresAt": "2026-01-31T00:00:00Z"}""");
            case AMOUNT_TOO_LARGE -> exhaust(organization);
            case BROKEN_CHAIN -> {
                execute("ALTER TABLE ledger.events DISABLE TRIGGER events_are_append_only");
                execute("UPDATE ledger.events SET metadata = '{}' WHERE organization_id = '%s'"
                        .formatted(TestOrganization.id(organization)));
                execute("ALTER TABLE ledger.events ENABLE TRIGGER events_are_append_only");
                yield client.get(organization + "/audit");
            }
            case INTERNAL_ERROR -> {
                execute("ALTER TABLE reporting.overage_packs RENAME TO elsewhere");
                Reply reply = client.get(organization + "/overage-purchases");
                execute("ALTER TABLE reporting.elsewhere RENAME TO overage_packs");
                assertThat(reply.text()).doesNotContain("overage_packs", "SQL", "Exception");
                yield reply;
            }
            case OVERLOADED -> withoutDatabase(organization);
            case PROJECTION_BEHIND -> {
                service.bean(ReadModels.class).close();
                long position = client.post(organization + "/transcriptions", TRANSCRIPTION)
                        .number("/position");
                yield client.get(organization + "/transcriptions?atLeast=" + position);
            }
        };
    }

    @Test
    void every_code_has_a_page_that_anyone_may_read_and_a_line_in_the_documentation() throws Exception {
        Client anyone = new Client(service.port(), "");
        String list = anyone.get("/problems").is(200).text();
        String documentation = Files.readString(Path.of("../docs/http.md"));

        for (ProblemType type : ProblemType.values()) {
            assertThat(anyone.get(type.path()).is(200).text()).contains(type.title(), type.code());
            assertThat(list).contains(type.path());
            assertThat(documentation).contains("`" + type.code() + "` | " + type.status());
        }
        anyone.get("/problems/none-of-them").isProblem(404, "not-found");
    }

    // As another node would have written it: no request alone can come near 64 bits.
    private Reply exhaust(String organization) throws SQLException {
        execute("""
                INSERT INTO ledger.events
                    (organization_id, sequence, event_id, type, revision, recorded_at, payload, metadata, hash)
                VALUES ('%s', 1, gen_random_uuid(), 'overage-purchased', 1, '2026-02-01T00:00:00Z',
                    '{"purchaseId": "huge", "minutes": 9223372036854774807, "covered": 0, "rearmed": []}', '{}', sha256('x'))
                """.formatted(TestOrganization.id(organization)));
        return client.post(organization + "/overage-purchases", PURCHASE.replace("50", "1000000000"));
    }

    private Reply withoutDatabase(String organization) throws SQLException {
        String url = database.getJdbcUrl();
        String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
        try (Connection elsewhere = DriverManager.getConnection(
                        url.replace("/" + name, "/postgres"), database.getUsername(), database.getPassword());
                Statement statement = elsewhere.createStatement()) {
            statement.execute("ALTER DATABASE %s ALLOW_CONNECTIONS false".formatted(name));
            statement.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'".formatted(name));
            try {
                for (String call : List.of(organization + "/usage", "/v1/organizations")) {
                    assertThat(client.get(call).isProblem(503, "overloaded").string("/detail"))
                            .contains("the database is out of reach");
                }
                ingest(organization);
                assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(503);
                assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
                return client.put(organization + "/members/someone");
            } finally {
                statement.execute("ALTER DATABASE %s ALLOW_CONNECTIONS true".formatted(name));
                awaitRecovery(organization);
            }
        }
    }

    /** Nobody who looks at the status alone takes an event for delivered: one by itself, a batch, and one with a bad one. */
    private void ingest(String organization) {
        String event = """
                {"specversion": "1.0", "id": "1", "source": "outage", "subject": "%s",
                 "type": "dev.usageledger.record-transcription", "data": {"minutes": 1}}""".formatted(TestOrganization.id(organization));
        client.with(Map.of("Content-Type", "application/cloudevents+json"))
                .post("/v1/events", event)
                .isProblem(503, "overloaded");
        Client batches = client.with(Map.of("Content-Type", "application/cloudevents-batch+json"));
        for (String batch : List.of("[%s, %s]".formatted(event, event), "[42, %s]".formatted(event))) {
            batches.post("/v1/events", batch).isProblem(503, "overloaded");
        }
    }

    private void awaitRecovery(String organization) {
        Reply reply;
        do {
            reply = client.get(organization + "/usage");
        } while (reply.status() == 503);
        reply.is(200);
    }

    private void advance(String duration) {
        Instant now = Instant.parse(client.get("/v1/test-clock").is(200).string("/now"));
        client.post("/v1/test-clock", "{\"now\": \"%s\"}".formatted(now.plus(Duration.parse(duration))))
                .is(200);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String schemaOf(ProblemType type) {
        return Arrays.stream(type.code().split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }
}
