package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Usage in bulk: CloudEvents, each answered by itself. */
class IngestionTest {
    private static final String RECORD = "dev.usageledger.record-transcription";

    private final Client client = Service.shared().client();
    private final Client batches = client.with(Map.of("Content-Type", "application/cloudevents-batch+json"));
    private final String path = TestOrganization.opened(client, 1_000, "HARD");
    private final String organization = TestOrganization.id(path);

    @Test
    void a_batch_is_counted_once_however_often_it_is_sent() {
        String batch = batch(IntStream.range(0, 1_000)
                .mapToObj(i -> event(RECORD, "batch-" + organization, i, "{\"minutes\": 1}"))
                .toList());

        Reply first = batches.post("/v1/events", batch).is(200);
        Reply again = batches.post("/v1/events", batch).is(200);

        assertThat(List.of(first.number("/accepted"), first.number("/duplicate"), first.number("/rejected")))
                .containsExactly(1_000L, 0L, 0L);
        assertThat(List.of(again.number("/accepted"), again.number("/duplicate"), again.number("/rejected")))
                .containsExactly(0L, 1_000L, 0L);
        assertThat(client.get(path + "/usage").number("/usedMinutes")).isEqualTo(1_000);
    }

    @Test
    void a_bad_event_costs_no_other_anything() {
        String source = "mixed-" + organization;
        Reply reply = batches.post(
                        "/v1/events",
                        batch(List.of(
                                event(RECORD, source, 1, "{\"minutes\": 5}"),
                                event(RECORD, source, 2, "{\"minutes\": -5, \"colour\": \"red\"}"),
                                event("com.example.other", source, 3, "{}"),
                                "42",
                                event("dev.usageledger.reserve-minutes", source, 5, "{\"minutes\": 5000}"),
                                event(RECORD, source, 6, "{\"minutes\": 6}"))))
                .is(200);

        assertThat(statuses(reply))
                .containsExactly("accepted", "rejected", "rejected", "rejected", "rejected", "accepted");
        assertThat(reply.at("/events/1/problem/errors")).hasSize(2);
        assertThat(reply.string("/events/4/problem/code")).isEqualTo("insufficient-minutes");
        assertThat(client.get(path + "/usage").number("/usedMinutes")).isEqualTo(11);
    }

    @Test
    void an_event_that_cannot_be_read_costs_no_other_anything() {
        String source = "unreadable-" + organization;
        List<String> unreadable = List.of(
                "{\"minutes\": 1, \"minutes\": 2}",
                "{\"minutes\": 1" + "0".repeat(100) + "}",
                "{\"minutes\": 1e99999999999}",
                "{\"nested\": " + "[".repeat(900) + "]".repeat(900) + "}",
                "{\"" + "long".repeat(1_000) + "\": 1}");
        List<String> events = new ArrayList<>();
        for (String data : unreadable) {
            events.add(event(RECORD, source + "-größe", events.size(), "{\"minutes\": 1}"));
            events.add(event(RECORD, source, events.size(), data));
        }
        events.add("1e99999999999");
        events.add(event(RECORD, source, events.size(), "{\"minutes\": 1}"));

        Reply reply = batches.post("/v1/events", batch(events)).is(200);

        assertThat(statuses(reply))
                .containsExactly(
                        "accepted",
                        "rejected",
                        "accepted",
                        "rejected",
                        "accepted",
                        "rejected",
                        "accepted",
                        "rejected",
                        "accepted",
                        "rejected",
                        "rejected",
                        "accepted");
        assertThat(reply.string("/events/1/problem/errors/0/detail")).contains("Duplicate");
        assertThat(client.get(path + "/usage").number("/usedMinutes")).isEqualTo(6);
    }

    @Test
    void the_events_of_an_organization_take_effect_in_their_order() {
        String source = "order-" + organization;
        Reply reply = batches.post(
                        "/v1/events",
                        batch(List.of(
                                event("dev.usageledger.reserve-minutes", source, 1, """
                                        {"reservationId": "r1", "minutes": 1000}"""),
                                event("dev.usageledger.reserve-minutes", source, 2, """
                                        {"reservationId": "r2", "minutes": 1}"""),
                                event("dev.usageledger.purchase-overage", source, 3, """
                                        {"purchaseId": "p1", "minutes": 50}"""),
                                event("dev.usageledger.reserve-minutes", source, 4, """
                                        {"reservationId": "r3", "minutes": 1}"""),
                                event(RECORD, source, 5, """
                                        {"transcriptionId": "t1", "minutes": 70, "reservationId": "r1"}"""),
                                event("dev.usageledger.correct-transcription", source, 6, """
                                        {"transcriptionId": "t1", "minutes": 60, "reason": "cut"}"""),
                                event("dev.usageledger.release-reservation", source, 7, """
                                        {"reservationId": "r3"}"""),
                                event("dev.usageledger.refund-overage", source, 8, """
                                        {"purchaseId": "p1", "minutes": 20}"""))))
                .is(200);

        assertThat(statuses(reply))
                .containsExactly(
                        "accepted", "rejected", "accepted", "accepted", "accepted", "accepted", "accepted", "accepted");
        Reply usage = client.get(path + "/usage");
        assertThat(usage.number("/usedMinutes")).isEqualTo(60);
        assertThat(usage.number("/remainingMinutes")).isEqualTo(970);
    }

    @Test
    void a_single_event_comes_structured_or_with_its_attributes_as_headers() {
        String event = event(RECORD, "single-" + organization, 1, "{\"minutes\": 3}");
        Reply structured = client.with(Map.of("Content-Type", "application/cloudevents+json"))
                .post("/v1/events", event)
                .is(200);
        Reply binary = client.with(Map.of(
                        "ce-specversion",
                        "1.0",
                        "ce-id",
                        "1",
                        "ce-source",
                        "single-" + organization,
                        "ce-type",
                        RECORD,
                        "ce-subject",
                        organization))
                .post("/v1/events", "{\"minutes\": 3}")
                .is(200);

        assertThat(statuses(structured)).containsExactly("accepted");
        assertThat(statuses(binary)).containsExactly("duplicate");
    }

    @Test
    void attributes_in_headers_are_decoded_as_the_binding_says() {
        String source = "/größe " + organization;
        batches.post("/v1/events", batch(List.of(event(RECORD, source, 50, "{\"minutes\": 3}"))))
                .is(200);

        for (Map<String, String> encoded : List.of(
                Map.of("ce-id", "%35%30", "ce-source", "/gr%C3%B6%c3%9Fe%20" + organization),
                Map.of("ce-id", "\"5\\0\"", "ce-source", "\"/gr%C3%B6%C3%9Fe " + organization + "\""))) {
            assertThat(statuses(binary(encoded).is(200))).containsExactly("duplicate");
        }
        for (String wrong : List.of("50%", "%5", "%zz", "%C3")) {
            Reply reply = binary(Map.of("ce-id", wrong, "ce-source", "/x")).isProblem(400, "invalid-request");
            assertThat(reply.string("/errors/0/pointer")).isEqualTo("/ce-id");
        }
        assertThat(client.get(path + "/usage").number("/usedMinutes")).isEqualTo(3);
    }

    private Reply binary(Map<String, String> attributes) {
        Map<String, String> headers =
                new HashMap<>(Map.of("ce-specversion", "1.0", "ce-type", RECORD, "ce-subject", organization));
        headers.putAll(attributes);
        return client.with(headers).post("/v1/events", "{\"minutes\": 3}");
    }

    @Test
    void an_event_may_have_attributes_that_the_ledger_does_not_know() {
        String source = "extended-" + organization;
        String known = event(RECORD, source, 1, "{\"minutes\": 3}");
        String extended = known.replace("\"subject\"", """
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01", "sampledrate": 2,
                "datacontenttype": "application/json; charset=UTF-8", "subject\"""");

        Reply reply = batches.post(
                        "/v1/events",
                        batch(List.of(
                                extended,
                                known.replace("\"subject\"", "\"data_base64\": \"e30=\", \"subject\""),
                                known.replace("\"minutes\": 3", "\"minutes\": 3, \"traceparent\": \"00\""),
                                known.replace("\"subject\"", "\"datacontenttype\": \"text/xml\", \"subject\""),
                                known.replace("\"subject\"", "\"datacontenttype\": \"/\", \"subject\""))))
                .is(200);

        assertThat(statuses(reply)).containsExactly("accepted", "rejected", "rejected", "rejected", "rejected");
    }

    @Test
    void the_same_event_with_other_data_is_a_conflict() {
        String source = "conflict-" + organization;
        batches.post("/v1/events", batch(List.of(event(RECORD, source, 1, "{\"minutes\": 3}"))))
                .is(200);

        Reply reply = batches.post("/v1/events", batch(List.of(event(RECORD, source, 1, "{\"minutes\": 4}"))))
                .is(200);

        assertThat(reply.string("/events/0/problem/code")).isEqualTo("idempotency-conflict");
        assertThat(client.get(path + "/usage").number("/usedMinutes")).isEqualTo(3);
    }

    @Test
    void the_time_of_an_event_is_when_the_transcription_occurred() {
        String event = event(RECORD, "time-" + organization, 1, "{\"transcriptionId\": \"t1\", \"minutes\": 3}")
                .replace("\"subject\"", "\"time\": \"2026-01-05T10:00:00Z\", \"subject\"");

        batches.post("/v1/events", batch(List.of(event))).is(200);

        assertThat(client.get(path + "/events").string("/items/0/event/occurredAt"))
                .isEqualTo("2026-01-05T10:00:00Z");
    }

    @Test
    void what_is_no_batch_is_refused_as_a_whole() {
        batches.post("/v1/events", "{}").isProblem(400, "invalid-request");
        batches.post("/v1/events", "[" + "1,".repeat(1_000) + "1]").isProblem(400, "invalid-request");
        batches.post("/v1/events", "[" + " ".repeat(5 * 1024 * 1024) + "]").isProblem(413, "payload-too-large");
        client.with(Map.of("Content-Type", "application/cloudevents+json"))
                .post("/v1/events", "{" + " ".repeat(1024 * 1024) + "}")
                .isProblem(413, "payload-too-large");
        client.with(Map.of("Content-Type", "text/plain"))
                .post("/v1/events", "[]")
                .isProblem(415, "unsupported-media-type");
        assertThat(batches.post("/v1/events", "[]").is(200).number("/accepted")).isZero();
    }

    private String event(String type, String source, int id, String data) {
        return """
                {"specversion": "1.0", "type": "%s", "source": "%s", "id": "%d", "subject": "%s", "data": %s}""".formatted(type, source, id, organization, data);
    }

    private static String batch(List<String> events) {
        return events.stream().collect(Collectors.joining(",", "[", "]"));
    }

    private static List<String> statuses(Reply reply) {
        List<String> statuses = new ArrayList<>();
        for (JsonNode event : reply.at("/events")) {
            statuses.add(event.get("status").stringValue());
        }
        return statuses;
    }
}
