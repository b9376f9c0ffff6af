package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Whatever is sent, the service neither breaks nor takes it for something it is not. The seed is printed with every
 * failure; {@code -Dledger.fuzz.seed} runs it again.
 */
class FuzzTest {
    private static final long SEED = Long.getLong("ledger.fuzz.seed", 20_260_203);
    private static final int ROUNDS = Integer.getInteger("ledger.fuzz.rounds", 1_500);
    private static final String UNKNOWN = "/v1/organizations/never-opened";

    /** A call, its valid body, and whether it opens an organization. */
    private record Call(String method, String path, String... fields) {}

    private static final List<Call> CALLS = List.of(
            new Call(
                    "PUT",
                    "",
                    "\"name\": \"N\"",
                    "\"plan\": {\"code\": \"c\", \"includedMinutes\": 100, \"limit\": \"HARD\"}",
                    "\"zone\": \"UTC\"",
                    "\"periodAnchor\": \"2026-01-31T00:00\""),
            new Call(
                    "POST",
                    "/plan-changes",
                    "\"changeId\": \"c1\"",
                    "\"plan\": {\"code\": \"c\", \"includedMinutes\": 100, \"limit\": \"HARD\"}",
                    "\"effective\": \"now\""),
            new Call("PUT", "/members/ada", "\"email\": \"ada@example.com\""),
            new Call(
                    "POST",
                    "/reservations",
                    "\"reservationId\": \"r1\"",
                    "\"minutes\": 1",
                    "\"ttl\": \"PT1H\"",
                    "\"userId\": \"u1\""),
            new Call("POST", "/reservations/r1/release"),
            new Call(
                    "POST",
                    "/transcriptions",
                    "\"transcriptionId\": \"t1\"",
                    "\"minutes\": 1",
                    "\"occurredAt\": \"2026-02-03T10:00:00Z\"",
                    "\"userId\": \"u1\"",
                    "\"reservationId\": \"r1\"",
                    "\"onInsufficient\": \"reject\""),
            new Call(
                    "POST",
                    "/transcriptions/t1/corrections",
                    "\"correctionId\": \"c1\"",
                    "\"minutes\": 1",
                    "\"reason\": \"why not\""),
            new Call(
                    "POST",
                    "/overage-purchases",
                    "\"purchaseId\": \"p1\"",
                    "\"minutes\": 1",
                    "\"expiresAt\": \"2999-02-03T10:00:00Z\"",
                    "\"price\": {\"amount\": 9.9, \"currency\": \"EUR\"}"),
            new Call("POST", "/overage-purchases/p1/refunds", "\"refundId\": \"f1\"", "\"minutes\": 1"),
            new Call("POST", "/period-rolls"));

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "-0.0",
            "1.5",
            "1e400",
            "1E-400",
            "1e2147483647",
            "1e99999999999999999999",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "{}",
            "[]",
            "[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]",
            "{\"\": {\"\": {}}}",
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"\\ud83d\"",
            "\"\\udc00x\"",
            "\"\\ud83d\\ude00\"",
            "\"\\u202e\"",
            "\"..\"",
            "\"../../etc/passwd\"",
            "\"%2e%2e%2f\"",
            "\"'; DROP TABLE ledger.events; --\"",
            "\"${jndi:ldap://localhost/x}\"",
            "\"2026-02-30T10:00:00Z\"",
            "\"2026-02-03T25:61:61Z\"",
            "\"+999999999-12-31T23:59:59Z\"",
            "\"-999999999-01-01T00:00:00Z\"",
            "\"0000-00-00T00:00:00Z\"",
            "\"2999-12-31T23:59:59.999999999Z\"",
            "\"1900-01-01T00:00:00+18:00\"",
            "\"PT-1H\"",
            "\"P99999999999D\"",
            "\"PT1.5S\"",
            "\"PT9223372036854775807S\"",
            "\"Europe/Berlin\"",
            "\"+02:00\"",
            "\"HARD\"",
            "\"next-period\"",
            "\"" + "x".repeat(129) + "\"",
            "\"" + "é".repeat(5_000) + "\"");

    private static final List<String> STEPS = List.of(
            "/v1",
            "/organizations",
            "/never-opened",
            "/transcriptions",
            "/usage",
            "/..",
            "/.",
            "//",
            "/%2e%2e",
            "/%2E.",
            "/%00",
            "/%2f",
            "/%5c",
            "\\",
            "/;a=b",
            ";x",
            "/%",
            "/%zz",
            "/%c3%28",
            "/%ff",
            "/é",
            "/{id}",
            "/<script>",
            "/|",
            "/ ",
            "/^",
            "/`",
            "/actuator",
            "/env",
            "/error",
            "/docs",
            "/problems",
            "?",
            "&a=%zz",
            "?limit=%00",
            "#x",
            "/*",
            "/**",
            "/~",
            "/..;/",
            "/%u0041",
            "/%252e%252e",
            "/v1/organizations?cursor=%ff&sort[]=x");

    private static final List<String> METHODS = List.of(
            "GET", "GET", "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "foo");

    private final Service service = Service.shared();
    private final Random random = new Random(SEED);
    private String before = "";

    @BeforeEach
    void remember() {
        before = commanded();
    }

    @AfterEach
    void nothing_has_changed() {
        assertThat(commanded()).as("seed %d", SEED).isEqualTo(before);
    }

    /** A field too many makes each of these invalid, whatever else is in it. */
    @Test
    void bodies_with_a_field_too_many_are_refused() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            Call call = pick(CALLS);
            String body = mutated(call, "\"surely-not-a-field\": " + pick(VALUES));
            send(call.method(), UNKNOWN + call.path(), body.getBytes(StandardCharsets.UTF_8), "HTTP/1.1 400");
        }
    }

    /** Some of these are valid, and find nobody to be charged. */
    @Test
    void bodies_with_any_value_anywhere_find_no_organization() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            Call call = pick(CALLS.subList(1, CALLS.size()));
            String path = call.path().equals("/transcriptions") && random.nextBoolean()
                    ? "/v1/transcriptions"
                    : UNKNOWN + call.path();
            send(call.method(), path, mutated(call).getBytes(StandardCharsets.UTF_8), "HTTP/1.1 4");
        }
    }

    @Test
    void bytes_that_are_hardly_json_are_refused() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            Call call = pick(CALLS.subList(1, CALLS.size()));
            byte[] body = damaged(mutated(call).getBytes(StandardCharsets.UTF_8));
            send(call.method(), UNKNOWN + call.path(), body, "HTTP/1.1 4");
        }
    }

    @Test
    void long_texts_are_refused_in_every_place() throws IOException {
        String megabyte = "x".repeat(1_000_000);
        for (Call call : CALLS) {
            for (int field = 0; field < call.fields().length; field++) {
                String[] fields = call.fields().clone();
                fields[field] = name(fields[field]) + ": \"" + megabyte + "\"";
                byte[] body = ("{" + String.join(", ", fields) + "}").getBytes(StandardCharsets.UTF_8);
                send(call.method(), UNKNOWN + call.path(), body, "HTTP/1.1 400");
            }
            byte[] named = ("{\"" + megabyte + "\": 1}").getBytes(StandardCharsets.UTF_8);
            send(call.method(), UNKNOWN + call.path(), named, "HTTP/1.1 400");
        }
    }

    @Test
    void paths_lead_nowhere_but_where_they_say() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder path = new StringBuilder();
            int steps = 1 + random.nextInt(6);
            for (int step = 0; step < steps; step++) {
                path.append(pick(STEPS));
            }
            if (random.nextInt(100) == 0) {
                path.append("/x".repeat(1 + random.nextInt(20_000)));
            }
            request(pick(METHODS) + " " + path + " HTTP/1.1\r\n" + head(0) + "\r\n", new byte[0]);
        }
    }

    @Test
    void headers_of_any_kind_are_survived() throws IOException {
        List<String> headers = List.of(
                "Accept: text/html",
                "Accept: */*;q=nonsense",
                "Accept: " + ",".repeat(500),
                "Accept-Language: %%",
                "Content-Type: ;;;",
                "Content-Type: application/json; charset=none",
                "Content-Type: application/xml",
                "Content-Encoding: gzip",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Content-Length: 1, 2",
                "Transfer-Encoding: chunked",
                "Expect: 100-continue",
                "Expect: the-worst",
                "Authorization: Bearer x",
                "Authorization: " + "x".repeat(5_000),
                "X-Request-Id: \u0001",
                "X-Reason: \u00ff\u00fe",
                "X-Reason: " + "r".repeat(7_000),
                "X-Forwarded-For: ' OR 1=1",
                "Cookie: JSESSIONID=../..; $Version=9",
                "Range: bytes=9-1",
                "If-Modified-Since: never",
                "Upgrade: h2c",
                "Connection: Upgrade, HTTP2-Settings",
                "Host: other",
                "X-HTTP-Method-Override: DELETE",
                "Name with spaces: x",
                ": nameless",
                "x".repeat(9_000) + ": y");
        for (int round = 0; round < ROUNDS; round++) {
            Call call = pick(CALLS.subList(1, CALLS.size()));
            byte[] body = mutated(call).getBytes(StandardCharsets.UTF_8);
            StringBuilder request = new StringBuilder(call.method() + " " + UNKNOWN + call.path() + " HTTP/1.1\r\n");
            request.append(head(body.length));
            for (int i = random.nextInt(4); i >= 0; i--) {
                request.append(pick(headers)).append("\r\n");
            }
            request(request + "\r\n", body);
        }
    }

    private String mutated(Call call, String... more) {
        List<String> fields = new ArrayList<>(Arrays.asList(call.fields()));
        for (int i = random.nextInt(3); i >= 0 && !fields.isEmpty(); i--) {
            int field = random.nextInt(fields.size());
            switch (random.nextInt(4)) {
                case 0 -> fields.remove(field);
                case 1 -> fields.add(name(pick(fields)) + ": " + pick(VALUES));
                default -> fields.set(field, name(fields.get(field)) + ": " + pick(VALUES));
            }
        }
        return "{"
                + String.join(
                        ", ", Stream.concat(fields.stream(), Stream.of(more)).toList()) + "}";
    }

    private byte[] damaged(byte[] body) {
        byte[] damaged = body.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(3) == 0 ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged;
    }

    private static String name(String field) {
        return field.substring(0, field.indexOf(':'));
    }

    private void send(String method, String path, byte[] body, String expected) throws IOException {
        String answer = request(method + " " + path + " HTTP/1.1\r\n" + head(body.length) + "\r\n", body);
        assertThat(answer)
                .as("seed %d: %s %s %s", SEED, method, path, shown(body))
                .startsWith(expected)
                .contains("application/problem+json");
    }

    /** Sends it, and fails when the service calls it its own fault. */
    private String request(String head, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(head.getBytes(StandardCharsets.ISO_8859_1));
        request.write(body);
        String answer = RawHttp.send(service.port(), request.toByteArray());
        assertThat(answer)
                .as("seed %d: %s%s", SEED, head.replace(Service.KEY, "…"), shown(body))
                .doesNotStartWith("HTTP/1.1 5")
                .doesNotContain("\tat ", "Exception", "Apache Tomcat");
        return answer;
    }

    private static String head(int length) {
        return "Host: localhost\r\nAuthorization: Bearer " + Service.KEY
                + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " + length + "\r\n";
    }

    private static String shown(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return text.length() <= 500 ? text : text.substring(0, 500) + "…";
    }

    private <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private String commanded() {
        return JdbcClient.create(service.database())
                .sql("""
                        SELECT (SELECT count(*) FROM ledger.events WHERE metadata ->> 'actor' = 'admin')
                            || ' events, ' || (SELECT count(*) FROM access.member_emails) || ' addresses, '
                            || (SELECT count(*) FROM access.api_keys) || ' keys'
                        """)
                .query(String.class)
                .single();
    }
}
