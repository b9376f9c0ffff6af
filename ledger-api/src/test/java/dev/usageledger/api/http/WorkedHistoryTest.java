package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * One organization's February and March 2026, over HTTP and under the test clock: 100 included minutes, HARD, UTC, billed
 * from the 31st of January.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkedHistoryTest {
    private static final String ACME = "/v1/organizations/acme";

    private final HikariDataSource database = TestDatabase.create();
    private final List<Sent> sent = new ArrayList<>();
    private Service service = Service.start(database, "--ledger.test-clock=2026-02-01T00:00:00Z");
    private Client client = service.client();

    /** A command that was accepted, to be sent again. */
    private record Sent(String path, String body, JsonNode entry) {}

    @BeforeAll
    void the_history_happens() {
        Reply opened = client.put(ACME, """
                {"name": "Acme", "plan": {"code": "team", "includedMinutes": 100, "limit": "HARD"},
                 "zone": "UTC", "periodAnchor": "2026-01-31T00:00"}""").is(201);
        assertThat(opened.string("/usage/period/end")).isEqualTo("2026-02-28T00:00:00Z");

        at("2026-02-01T10:00:00Z");
        Reply t1 = accepted("/transcriptions", """
                {"transcriptionId": "t1", "minutes": 60}""");
        thatCharged(t1, 60, "", 0);
        stands(t1, 40, 0, 0, 40, 60);

        at("2026-02-02T10:00:00Z");
        Reply p1 = accepted("/overage-purchases", """
                {"purchaseId": "p1", "minutes": 50}""");
        assertThat(p1.number("/usage/capacityMinutes")).isEqualTo(150);
        stands(p1, 40, 50, 0, 90, 60);

        at("2026-02-03T10:00:00Z");
        stands(accepted("/reservations", """
                {"reservationId": "r1", "minutes": 70}"""), 40, 50, 70, 20, 60);
        Reply r2 = client.post(ACME + "/reservations", """
                {"reservationId": "r2", "minutes": 30}""").isProblem(402, "insufficient-minutes");
        assertThat(r2.number("/requested")).isEqualTo(30);
        assertThat(r2.number("/remaining")).isEqualTo(20);
        assertThat(r2.number("/shortBy")).isEqualTo(10);
        assertThat(r2.number("/base")).isEqualTo(40);
        assertThat(r2.number("/overage")).isEqualTo(50);
        assertThat(r2.number("/held")).isEqualTo(70);
        assertThat(r2.string("/renewsAt")).isEqualTo("2026-02-28T00:00:00Z");
        stands(40, 50, 70, 20, 60);

        Reply t2 = accepted("/transcriptions", """
                {"transcriptionId": "t2", "minutes": 55, "reservationId": "r1"}""");
        thatCharged(t2, 40, "p1 15", 0);
        assertThat(t2.string("/entry/reservation/outcome")).isEqualTo("settled");
        stands(t2, 0, 35, 0, 35, 115);
        assertThat(thresholds()).isEmpty();
        assertThat(t2.string("/usage/message"))
                .isEqualTo("35 minutes left (0 base + 35 overage). Base minutes renew on 28 Feb 2026.");

        Reply again = client.post(ACME + "/transcriptions", """
                {"transcriptionId": "t2", "minutes": 55, "reservationId": "r1"}""").is(200);
        assertThat(again.at("/entry")).isEqualTo(t2.at("/entry"));
        assertThat(again.at("/replayed").booleanValue()).isTrue();
        stands(again, 0, 35, 0, 35, 115);

        Reply conflict = client.post(ACME + "/transcriptions", """
                {"transcriptionId": "t2", "minutes": 56, "reservationId": "r1"}""").isProblem(409, "idempotency-conflict");
        assertThat(conflict.string("/field")).isEqualTo("minutes");
        assertThat(conflict.number("/original")).isEqualTo(55);
        assertThat(conflict.number("/given")).isEqualTo(56);
        stands(0, 35, 0, 35, 115);

        at("2026-02-04T10:00:00Z");
        Reply t3 = accepted("/transcriptions", """
                {"transcriptionId": "t3", "minutes": 10}""");
        thatCharged(t3, 0, "p1 10", 0);
        stands(t3, 0, 25, 0, 25, 125);
        assertThat(t3.string("/usage/status")).isEqualTo("low");
        assertThat(thresholds()).containsExactly("80 % of 125/150");

        at("2026-02-05T10:00:00Z");
        Reply corrected = accepted("/transcriptions/t1/corrections", """
                {"correctionId": "c1", "minutes": 50, "reason": "silence was billed"}""");
        assertThat(packs(corrected.at("/entry/givenBack/fromOverage"))).isEqualTo("p1 10");
        assertThat(corrected.number("/entry/givenBack/fromBase")).isZero();
        stands(corrected, 0, 35, 0, 35, 115);

        at("2026-03-01T10:00:00Z");
        stands(100, 35, 0, 135, 0);
        Reply march = client.get(ACME + "/usage").is(200);
        assertThat(march.string("/period/start")).isEqualTo("2026-02-28T00:00:00Z");
        assertThat(march.string("/period/end")).isEqualTo("2026-03-31T00:00:00Z");

        Reply t4 = accepted("/transcriptions", """
                {"transcriptionId": "t4", "minutes": 20, "occurredAt": "2026-02-27T23:50:00Z"}""");
        thatCharged(t4, 0, "p1 20", 0);
        assertThat(t4.string("/entry/counted")).isEqualTo("closed-period");
        assertThat(t4.string("/entry/period/end")).isEqualTo("2026-02-28T00:00:00Z");
        stands(t4, 100, 15, 0, 115, 0);
        Reply statements =
                client.get(ACME + "/periods?atLeast=" + t4.number("/position")).is(200);
        assertThat(statements.number("/items/1/usedMinutes")).isEqualTo(135);
        assertThat(statements.string("/items/1/status")).isEqualTo("closed");
        assertThat(statements.number("/items/0/usedMinutes")).isZero();

        at("2026-03-02T10:00:00Z");
        Reply t5 = accepted("/transcriptions", """
                {"transcriptionId": "t5", "minutes": 130}""");
        thatCharged(t5, 100, "p1 15", 15);
        stands(t5, 0, 0, 0, 0, 130);
        assertThat(t5.string("/usage/status")).isEqualTo("exhausted");
        assertThat(t5.number("/usage/uncoveredMinutes")).isEqualTo(15);
        assertThat(thresholds())
                .containsExactly("80 % of 125/150", "80 % of 130/115", "90 % of 130/115", "100 % of 130/115");

        at("2026-03-03T10:00:00Z");
        Reply p2 = accepted("/overage-purchases", """
                {"purchaseId": "p2", "minutes": 40}""");
        assertThat(p2.number("/entry/covered")).isEqualTo(15);
        stands(p2, 0, 25, 0, 25, 130);
    }

    @AfterAll
    void stop() {
        service.close();
        database.close();
    }

    @Test
    void every_number_is_the_same_after_a_restart_and_so_is_the_time() {
        String before = client.get(ACME + "/usage").is(200).text();
        String events = client.get(ACME + "/events").is(200).text();
        service.close();
        service = Service.start(database, "--ledger.test-clock=2026-02-01T00:00:00Z");
        client = service.client();

        Reply after = client.get(ACME + "/usage").is(200);
        assertThat(after.text()).isEqualTo(before);
        assertThat(after.header("Ledger-Test-Clock")).hasValue("2026-03-03T10:00:00Z");
        stands(0, 25, 0, 25, 130);
        assertThat(client.get(ACME + "/events").text()).isEqualTo(events);
    }

    @Test
    void each_command_sent_again_is_answered_with_its_first_entry() {
        for (Sent command : sent) {
            Reply again = client.post(command.path(), command.body()).is(200);
            assertThat(again.at("/replayed").booleanValue()).isTrue();
            assertThat(again.at("/entry")).isEqualTo(command.entry());
        }
        stands(0, 25, 0, 25, 130);
    }

    @Test
    void the_list_of_organizations_says_the_same() {
        Reply usage = client.get(ACME + "/usage").is(200);
        Reply list = client.get("/v1/organizations?atLeast=" + usage.number("/position"))
                .is(200);
        for (String number : List.of(
                "usedMinutes", "remainingMinutes", "heldMinutes", "uncoveredMinutes", "capacityMinutes", "status")) {
            assertThat(list.at("/items/0/" + number)).as(number).isEqualTo(usage.at("/" + number));
        }
    }

    private void at(String now) {
        client.post("/v1/test-clock", "{\"now\": \"%s\"}".formatted(now)).is(200);
    }

    private Reply accepted(String path, String body) {
        Reply reply = client.post(ACME + path, body).is(200);
        assertThat(reply.at("/replayed").booleanValue()).isFalse();
        sent.add(new Sent(ACME + path, body, reply.at("/entry")));
        return reply;
    }

    /** In the command's own answer, and for whoever asks next. */
    private void stands(Reply answer, long base, long overage, long held, long remaining, long used) {
        check(answer.at("/usage"), base, overage, held, remaining, used);
        stands(base, overage, held, remaining, used);
    }

    private void stands(long base, long overage, long held, long remaining, long used) {
        check(client.get(ACME + "/usage").is(200).json(), base, overage, held, remaining, used);
    }

    private static void check(JsonNode usage, long base, long overage, long held, long remaining, long used) {
        assertThat(List.of(
                        usage.at("/base/remaining").longValue(),
                        usage.at("/overage/remaining").longValue(),
                        usage.at("/heldMinutes").longValue(),
                        usage.at("/remainingMinutes").longValue(),
                        usage.at("/usedMinutes").longValue()))
                .as("base left, overage left, held, remaining, used")
                .containsExactly(base, overage, held, remaining, used);
    }

    private static void thatCharged(Reply reply, long base, String packs, long uncovered) {
        assertThat(reply.number("/entry/fromBase")).isEqualTo(base);
        assertThat(packs(reply.at("/entry/fromOverage"))).isEqualTo(packs);
        assertThat(reply.number("/entry/uncovered")).isEqualTo(uncovered);
    }

    private static String packs(JsonNode charges) {
        List<String> packs = new ArrayList<>();
        charges.forEach(charge -> packs.add(charge.get("purchaseId").stringValue() + " "
                + charge.get("minutes").longValue()));
        return String.join(", ", packs);
    }

    private List<String> thresholds() {
        List<String> reached = new ArrayList<>();
        client.get(ACME + "/events?limit=500").is(200).at("/items").forEach(item -> {
            JsonNode event = item.get("event");
            if (event.get("type").stringValue().equals("threshold-reached")) {
                reached.addFirst("%d %% of %d/%d"
                        .formatted(
                                event.get("percent").longValue(),
                                event.get("used").longValue(),
                                event.get("capacity").longValue()));
            }
        });
        return reached;
    }
}
