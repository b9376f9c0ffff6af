package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** A February with every kind of line, explained to a program and to a customer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplanationTest {
    private static final String ACME = "/v1/organizations/acme";
    private static final String EXPLAIN = ACME + "/usage/explain";

    private final HikariDataSource database = TestDatabase.create();
    private final Service service = Service.start(database, "--ledger.test-clock=2026-02-01T09:00:00Z");
    private final Client client = service.client();

    @BeforeAll
    void the_history_happens() {
        client.put(ACME, """
                {"name": "Acme", "plan": {"code": "team", "includedMinutes": 100, "limit": "HARD"},
                 "zone": "UTC", "periodAnchor": "2026-01-31T00:00"}""").is(201);
        at("2026-02-02T10:00:00Z");
        post("/overage-purchases", "{\"purchaseId\": \"p1\", \"minutes\": 50}");
        at("2026-03-01T10:00:00Z");
        post("/transcriptions", """
                {"transcriptionId": "t1", "minutes": 110, "occurredAt": "2026-02-27T10:00:00Z"}""");
        post("/reservations", "{\"reservationId\": \"r1\", \"minutes\": 30}");
        at("2026-03-01T11:00:00Z");
        post("/transcriptions", "{\"transcriptionId\": \"t2\", \"minutes\": 145, \"reservationId\": \"r1\"}");
        at("2026-03-02T10:00:00Z");
        post("/transcriptions/t2/corrections", """
                {"correctionId": "c1", "minutes": 120, "reason": "measured again"}""");
    }

    @AfterAll
    void stop() {
        service.close();
        database.close();
    }

    @Test
    void lines_account_for_the_balance_and_name_their_events() {
        Reply explained = client.get(EXPLAIN).is(200);

        assertThat(texts(explained))
                .containsExactly(
                        "Base minutes of plan team (100 a period), 28 Feb 2026 to 31 Mar 2026",
                        "Pack p1, bought 2 Feb 2026: 50 of 50 minutes unspent",
                        "Late transcription of 27 Feb 2026, counted in the period just closed, t1: 110 minutes, "
                                + "from base 100, pack p1 10",
                        "Held for upload r1: 30 minutes",
                        "Transcription t2: 145 minutes, from base 100, pack p1 40, uncovered 5",
                        "Hold r1 ended by transcription t2",
                        "Correction of transcription t2 from 145 to 120 minutes (measured again), given back: "
                                + "pack p1 20, uncovered 5");
        JsonNode late = explained.at("/lines/2");
        assertThat(late.at("/event/type").stringValue()).isEqualTo("transcription-recorded");
        assertThat(late.at("/transcriptionId").stringValue()).isEqualTo("t1");
        assertThat(late.at("/change/overage").longValue()).isEqualTo(-10);
        assertThat(late.at("/change/used").longValue()).isZero();
        JsonNode last = explained.at("/lines/6/balance");
        assertThat(last.at("/used").longValue()).isEqualTo(explained.number("/usage/usedMinutes"));
        assertThat(last.at("/overage").longValue()).isEqualTo(explained.number("/usage/overage/remaining"));
        assertThat(last.at("/base").longValue()).isEqualTo(explained.number("/usage/base/remaining"));
        assertThat(explained.at("/usage")).isEqualTo(client.get(ACME + "/usage").json());
    }

    @Test
    void the_text_can_be_sent_to_the_customer() {
        String text =
                client.with(Map.of("Accept", "text/plain")).get(EXPLAIN).is(200).text();

        assertThat(text)
                .startsWith(
                        "Acme: minutes from 28 Feb 2026 00:00 to 31 Mar 2026 00:00, as of 2 Mar 2026 10:00 (UTC)\n");
        assertThat(text.lines().filter(line -> line.endsWith("  Balance")).toList())
                .singleElement()
                .satisfies(balance -> assertThat(balance.trim().split(" +"))
                        .containsExactly("2", "Mar", "2026", "10:00", "0", "20", "0", "120", "0", "Balance"));
        assertThat(text).endsWith("Base minutes renew on 31 Mar 2026.\n");
    }

    @Test
    void a_page_begins_with_what_the_ones_before_came_to() {
        Reply first = client.get(EXPLAIN + "?limit=2").is(200);
        Reply second =
                client.get(EXPLAIN + "?limit=2&cursor=" + first.string("/next")).is(200);

        assertThat(second.string("/lines/0/text")).isEqualTo("Brought forward");
        assertThat(second.at("/lines/0/balance"))
                .isEqualTo(first.json().at("/lines").get(3).at("/balance"));
        assertThat(client.with(Map.of("Accept", "text/plain"))
                        .get(EXPLAIN + "?limit=2")
                        .text())
                .contains("Carried forward")
                .endsWith("More follows: cursor=" + first.string("/next") + "\n");
        assertThat(client.get(EXPLAIN + "?at=2026-02-03T00:00:00Z&cursor=" + first.string("/next"))
                        .faults())
                .containsExactly("/cursor");
        assertThat(client.get(EXPLAIN + "?cursor=elsewhere").faults()).containsExactly("/cursor");
    }

    @Test
    void what_was_told_then_is_explained_as_it_was_told() {
        Reply then = client.get(EXPLAIN + "?at=2026-03-01T10:30:00Z").is(200);

        assertThat(then.number("/usage/heldMinutes")).isEqualTo(30);
        assertThat(texts(then)).hasSize(4).last().isEqualTo("Held for upload r1: 30 minutes");
        client.get(EXPLAIN + "?at=2026-01-01T00:00:00Z").isProblem(422, "before-opening");
        client.get(TestOrganization.unknown() + "/usage/explain").isProblem(404, "organization-not-found");
    }

    private static List<String> texts(Reply explained) {
        List<String> texts = new ArrayList<>();
        explained.at("/lines").forEach(line -> texts.add(line.get("text").stringValue()));
        return texts;
    }

    private void post(String path, String json) {
        client.post(ACME + path, json).is(200);
    }

    private void at(String instant) {
        client.post("/v1/test-clock", "{\"now\": \"%s\"}".formatted(instant)).is(200);
    }
}
