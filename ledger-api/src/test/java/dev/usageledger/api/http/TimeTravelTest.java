package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.node.ObjectNode;

/** 100 included minutes from the 31st of January: what is told on the 3rd of February, and afterwards of the 3rd. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TimeTravelTest {
    private static final String ACME = "/v1/organizations/acme";
    private static final String THIRD = "2026-02-03T10:00:00Z";

    private final HikariDataSource database = TestDatabase.create();
    private final Service service = Service.start(database, "--ledger.test-clock=2026-02-01T00:00:00Z");
    private final Client client = service.client();
    private String told = "";

    @BeforeAll
    void the_history_happens() {
        client.put(ACME, """
                {"name": "Acme", "plan": {"code": "team", "includedMinutes": 100, "limit": "HARD"},
                 "zone": "UTC", "periodAnchor": "2026-01-31T00:00"}""").is(201);
        client.post(ACME + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 60}""").is(200);
        client.post(ACME + "/overage-purchases", """
                {"purchaseId": "p1", "minutes": 50}""").is(200);
        at(THIRD);
        told = client.get(ACME + "/usage").is(200).text();

        at("2026-02-05T10:00:00Z");
        client.post(ACME + "/transcriptions", """
                {"transcriptionId": "t2", "minutes": 55, "occurredAt": "2026-02-03T09:00:00Z"}""").is(200);
        at("2026-02-06T10:00:00Z");
        client.post(ACME + "/transcriptions/t1/corrections", """
                {"correctionId": "c1", "minutes": 40, "reason": "silence"}""").is(200);
        at("2026-03-10T10:00:00Z");
    }

    @AfterAll
    void stop() {
        service.close();
        database.close();
    }

    @Test
    void what_was_told_then_is_told_again_word_for_word() {
        Reply then =
                client.get(ACME + "/usage?at=" + THIRD + "&knownAt=" + THIRD).is(200);

        ObjectNode answer = (ObjectNode) then.json();
        assertThat(answer.remove("knownAt").stringValue()).isEqualTo(THIRD);
        assertThat(answer.toString()).isEqualTo(told);
        assertThat(client.get(ACME + "/usage?knownAt=" + THIRD).json()).isEqualTo(then.json());
    }

    @Test
    void what_is_known_by_now_of_then_has_late_usage_and_corrections() {
        stands("?at=" + THIRD, 95, 5, 50);
        stands("?at=" + THIRD + "&knownAt=2026-02-05T12:00:00Z", 115, 0, 35);
        stands("?at=" + THIRD + "&knownAt=2026-02-06T10:00:00Z", 95, 5, 50);
        stands("?at=2026-02-03T08:59:59Z", 40, 60, 50);
        stands("?at=2026-03-01T00:00:00Z&knownAt=" + THIRD, 0, 100, 50);
    }

    private void stands(String moments, long used, long base, long overage) {
        Reply usage = client.get(ACME + "/usage" + moments).is(200);
        assertThat(usage.number("/usedMinutes")).as(moments).isEqualTo(used);
        assertThat(usage.number("/base/remaining")).as(moments).isEqualTo(base);
        assertThat(usage.number("/overage/remaining")).as(moments).isEqualTo(overage);
    }

    @Test
    void the_future_and_the_time_before_the_opening_are_not_known() {
        assertThat(client.get(ACME + "/usage?at=2026-03-10T10:00:01Z&knownAt=tomorrow")
                        .faults())
                .containsExactly("/at", "/knownAt");
        Reply before = client.get(ACME + "/usage?at=2026-01-31T23:59:59Z").isProblem(422, "before-opening");
        assertThat(before.string("/asked")).isEqualTo("2026-01-31T23:59:59Z");
        assertThat(before.string("/openedAt")).isEqualTo("2026-02-01T00:00:00Z");
        client.get(TestOrganization.unknown() + "/usage?at=" + THIRD).isProblem(404, "organization-not-found");
    }

    private void at(String instant) {
        client.post("/v1/test-clock", "{\"now\": \"%s\"}".formatted(instant)).is(200);
    }
}
