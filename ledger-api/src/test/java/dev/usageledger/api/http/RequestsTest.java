package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from requests, and what is said about those that cannot be. */
class RequestsTest {
    private final Client client = Service.shared().client();
    private final String organization = TestOrganization.opened(client, 1_000, "HARD");

    @Test
    void everything_that_is_wrong_is_said_at_once() {
        Reply reply = client.put("/v1/organizations/not%20an%20id", """
                {"plan": {"includedMinutes": -1, "limit": "hard", "colour": "red"},
                 "zone": "Mars/Olympus", "periodAnchor": "2026-02-30T00:00", "extra": {}}""");

        assertThat(reply.faults())
                .containsExactlyInAnyOrder(
                        "/organizationId",
                        "/name",
                        "/plan/code",
                        "/plan/includedMinutes",
                        "/plan/limit",
                        "/plan/colour",
                        "/zone",
                        "/periodAnchor",
                        "/extra");
        assertThat(reply.string("/errors/0/in")).isEqualTo("path");
        assertThat(reply.string("/detail")).isEqualTo("The request has 9 faults; nothing was done.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"minutes\": 1} | /transcriptionId",
                "{\"transcriptionId\": null, \"minutes\": 1} | /transcriptionId",
                "{\"transcriptionId\": 7, \"minutes\": 1} | /transcriptionId",
                "{\"transcriptionId\": \"\", \"minutes\": 1} | /transcriptionId",
                "{\"transcriptionId\": \"..\", \"minutes\": 1} | /transcriptionId",
                "{\"transcriptionId\": \"a/b\", \"minutes\": 1} | /transcriptionId",
                "{\"transcriptionId\": \"a\\u0000b\", \"minutes\": 1} | /transcriptionId",
                "{\"transcriptionId\": \"a\\ud800\", \"minutes\": 1} | /transcriptionId",
                "{\"transcriptionId\": \"t\"} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": null} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"durationSeconds\": 60} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": -1} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": 1.5} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": \"1\"} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": true} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": [1]} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": 1000000001} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": 9223372036854775808} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": 1e999999999} | /minutes",
                "{\"transcriptionId\": \"t\", \"minutes\": 1e-999999999} | /minutes",
                "{\"transcriptionId\": \"t\", \"durationSeconds\": 60000000001} | /durationSeconds",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"occurredAt\": \"yesterday\"} | /occurredAt",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"occurredAt\": \"2026-02-03\"} | /occurredAt",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"occurredAt\": \"2026-02-03T10:00:00\"} | /occurredAt",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"occurredAt\": \"2026-02-30T10:00:00Z\"} | /occurredAt",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"occurredAt\": \"1899-12-31T23:59:59Z\"} | /occurredAt",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"occurredAt\": \"2026-02-03T10:00:00+25:00\"} | /occurredAt",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"occurredAt\": 1770112800} | /occurredAt",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"userId\": {}} | /userId",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"onInsufficient\": \"REJECT\"} | /onInsufficient",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"on-insufficient\": \"reject\"} | /on-insufficient",
                "{\"transcriptionId\": \"t\", \"minutes\": 1, \"a/b~c\": 1} | /a~1b~0c",
                "[] | ''",
                "null | ''",
                "7 | ''",
                "{ | ''",
                "{} {} | ''",
                "{\"transcriptionId\": \"t\", \"transcriptionId\": \"t\", \"minutes\": 1} | ''",
                "{\"transcriptionId\": \"t\", \"minutes\": 01} | ''",
                "{\"transcriptionId\": \"t\", \"minutes\": NaN} | ''",
                "{'transcriptionId': 't'} | ''",
                "/* a comment */ {} | ''"
            })
    void a_body_that_cannot_be_understood_is_refused_and_says_where(String body, String pointer) {
        assertThat(client.post(organization + "/transcriptions", body).faults()).contains(pointer);
        nothing_changed();
    }

    @Test
    void depth_and_digits_are_bounded() {
        client.post(organization + "/transcriptions", "[".repeat(100_000)).faults();
        client.post(organization + "/transcriptions", "{\"a\":".repeat(21) + "1" + "}".repeat(21))
                .faults();
        client.post(organization + "/transcriptions", "{\"minutes\": " + "9".repeat(1_000) + "}")
                .faults();
        nothing_changed();
    }

    @Test
    void bytes_that_are_no_utf_8_are_refused() {
        byte[] body = "{\"transcriptionId\": \"t\", \"minutes\": 1, \"userId\": \"\u00e9\"}"
                .getBytes(StandardCharsets.ISO_8859_1);

        Reply reply = client.send("POST", organization + "/transcriptions", body);

        assertThat(reply.faults()).containsExactly("");
        assertThat(reply.string("/errors/0/detail")).isEqualTo("must be valid UTF-8");
        client.send("POST", organization + "/transcriptions", "{}".getBytes(StandardCharsets.UTF_16))
                .faults();
        nothing_changed();
    }

    @Test
    void many_faults_are_counted_and_not_all_listed() {
        StringBuilder body = new StringBuilder("{\"transcriptionId\": \"t\", \"minutes\": 1");
        for (int i = 0; i < 1_000; i++) {
            body.append(", \"field-").append(i).append("\": ").append(i);
        }

        Reply reply =
                client.post(organization + "/transcriptions", body.append('}').toString());

        assertThat(reply.faults()).hasSize(51);
        assertThat(reply.string("/errors/50/detail")).isEqualTo("and 950 more faults");
    }

    @Test
    void a_body_is_as_large_as_it_may_be_and_no_larger() {
        String fits = "{\"transcriptionId\": \"" + "x".repeat(1_048_576 - 41) + "\", \"minutes\": 1}";
        assertThat(fits).hasSizeBetween(1_048_570, 1_048_576);

        assertThat(client.post(organization + "/transcriptions", fits).faults()).containsExactly("/transcriptionId");
        Reply tooLarge = client.post(organization + "/transcriptions", " ".repeat(1_048_577));
        assertThat(tooLarge.isProblem(413, "payload-too-large").number("/limit"))
                .isEqualTo(1_048_576);
        nothing_changed();
    }

    @ParameterizedTest
    @CsvSource({"/v1/events, application/cloudevents-batch+json, 413", "/v1/nowhere, text/plain, 404"})
    void whoever_sends_too_much_is_not_cut_off_before_the_answer(String path, String type, int status)
            throws IOException {
        int length = 16 * 1024 * 1024;
        byte[] head = """
                POST %s HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                Content-Type: %s\r
                Content-Length: %d\r
                Connection: close\r
                \r
                """.formatted(path, Service.KEY, type, length).getBytes(StandardCharsets.US_ASCII);

        String answer = RawHttp.send(Service.shared().port(), Arrays.copyOf(head, head.length + length));

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("\"status\":" + status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=iso-8859-1",
                "application/merge-patch+json",
                "nonsense"
            })
    void another_form_than_json_is_refused(String type) {
        client.with(Map.of("Content-Type", type))
                .post(organization + "/transcriptions", "{\"transcriptionId\": \"t\", \"minutes\": 1}")
                .isProblem(415, "unsupported-media-type");
        nothing_changed();
    }

    @Test
    void json_may_say_that_it_is_utf_8_and_must_not_be_packed() {
        String body = "{\"transcriptionId\": \"t\", \"minutes\": 0}";

        client.with(Map.of("Content-Type", "application/json; charset=UTF-8"))
                .post(organization + "/transcriptions", body)
                .is(200);
        client.with(Map.of("Content-Encoding", "gzip"))
                .post(organization + "/transcriptions", body)
                .isProblem(415, "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "10.0", "1e1", "100E-1", "10.000"})
    void a_whole_number_may_be_written_in_any_way(String ten) {
        String path = organization + "/transcriptions";
        client.post(path, "{\"transcriptionId\": \"ten\", \"minutes\": %s}".formatted(ten))
                .is(200);

        assertThat(client.get(organization + "/usage").number("/usedMinutes")).isEqualTo(10);
    }

    @Test
    void the_same_moment_in_another_zone_is_the_same_content() {
        String body = """
                {"transcriptionId": "t", "minutes": 1, "occurredAt": "%s"}""";
        client.post(organization + "/transcriptions", body.formatted("2026-02-03T10:00:00Z"))
                .is(200);

        for (String same : List.of("2026-02-03T11:00:00+01:00", "2026-02-03t10:00:00.0000009z")) {
            Reply again = client.post(organization + "/transcriptions", body.formatted(same))
                    .is(200);
            assertThat(again.at("/replayed").booleanValue()).isTrue();
        }
    }

    @Test
    void included_minutes_have_to_be_said_and_null_is_unlimited() {
        String path = TestOrganization.unknown();
        String body = """
                {"name": "N", "plan": {"code": "c", %s "limit": "HARD"}, "zone": "UTC", "periodAnchor": "2026-01-31T00:00:00"}""";

        assertThat(client.put(path, body.formatted("")).faults()).containsExactly("/plan/includedMinutes");
        Reply opened =
                client.put(path, body.formatted("\"includedMinutes\": null,")).is(201);
        assertThat(opened.string("/usage/status")).isEqualTo("unlimited");
        assertThat(opened.at("/usage/remainingMinutes").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.5S", "PT25H", "P1M", "-PT1H", "2h", "PT", "PT99999999999999999999H"})
    void a_hold_lasts_from_a_second_to_a_day(String ttl) {
        assertThat(client.post(organization + "/reservations", """
                        {"reservationId": "r", "minutes": 1, "ttl": "%s"}""".formatted(ttl))
                        .faults())
                .containsExactly("/ttl");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"amount\": -1, \"currency\": \"EUR\"} | /price/amount",
                "{\"amount\": 1.23456, \"currency\": \"EUR\"} | /price/amount",
                "{\"amount\": 1e12, \"currency\": \"EUR\"} | /price/amount",
                "{\"amount\": 1e999999999, \"currency\": \"EUR\"} | /price/amount",
                "{\"amount\": \"1\", \"currency\": \"EUR\"} | /price/amount",
                "{\"amount\": 1, \"currency\": \"eur\"} | /price/currency",
                "{\"amount\": 1} | /price/currency",
                "7 | /price",
                "{\"amount\": 1, \"currency\": \"EUR\", \"tax\": 19} | /price/tax"
            })
    void a_price_is_an_amount_and_a_currency(String price, String pointer) {
        assertThat(client.post(organization + "/overage-purchases", """
                        {"purchaseId": "p", "minutes": 1, "price": %s}""".formatted(price))
                        .faults())
                .contains(pointer);
    }

    @Test
    void an_identifier_means_the_same_however_its_path_is_written() {
        client.put(organization + "/members/team:ada.l").is(200);

        Reply again = client.put(organization + "/members/team%3Aada%2El").is(200);

        assertThat(again.string("/entry/userId")).isEqualTo("team:ada.l");
        assertThat(again.at("/replayed").booleanValue()).isTrue();
        client.get(organization + "/usage/").isProblem(404, "not-found");
    }

    @Test
    void who_and_why_are_kept_with_the_event() {
        Reply reply = client.with(Map.of("X-Request-Id", "nightly:42", "X-Reason", "nightly import"))
                .post(organization + "/transcriptions", """
                        {"transcriptionId": "t", "minutes": 1}""")
                .is(200);

        assertThat(reply.header("X-Request-Id")).hasValue("nightly:42");
        Reply events = client.get(organization + "/events");
        assertThat(events.string("/items/0/actor")).isEqualTo("admin");
        assertThat(events.string("/items/0/correlationId")).isEqualTo("nightly:42");
        assertThat(events.string("/items/0/reason")).isEqualTo("nightly import");
    }

    @Test
    void a_request_id_that_does_not_fit_is_replaced() {
        for (String id : Arrays.asList("with space", "x".repeat(129), "<script>")) {
            assertThat(client.with(Map.of("X-Request-Id", id))
                            .get("/v1/organizations")
                            .header("X-Request-Id"))
                    .get()
                    .asString()
                    .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        }
    }

    @Test
    void a_reason_may_be_in_any_language_and_must_have_an_end() throws Exception {
        String body = "{\"transcriptionId\": \"t\", \"minutes\": 1}";
        String answer =
                RawHttp.send(Service.shared().port(), """
                        POST %s/transcriptions HTTP/1.1\r
                        Host: localhost\r
                        Authorization: Bearer %s\r
                        Content-Type: application/json\r
                        X-Reason: für die Prüfung\r
                        Content-Length: %d\r
                        Connection: close\r
                        \r
                        %s""".formatted(organization, Service.KEY, body.length(), body)
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(client.get(organization + "/events").string("/items/0/reason"))
                .isEqualTo("für die Prüfung");
        assertThat(client.with(Map.of("X-Reason", "x".repeat(501)))
                        .post(organization + "/transcriptions", body.replace("\"t\"", "\"t2\""))
                        .faults())
                .containsExactly("/X-Reason");
    }

    private void nothing_changed() {
        Reply usage = client.get(organization + "/usage").is(200);
        assertThat(usage.number("/usedMinutes")).isZero();
        assertThat(client.get(organization + "/events").at("/items").size()).isEqualTo(1);
    }
}
