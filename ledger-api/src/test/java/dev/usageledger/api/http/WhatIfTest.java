package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two months on 100 included minutes: 150 used with a pack of 20, then 90. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhatIfTest {
    private static final String ACME = "/v1/organizations/acme";

    private final HikariDataSource database = TestDatabase.create();
    private final Service service = Service.start(database, "--ledger.test-clock=2026-02-01T00:00:00Z");
    private final Client client = service.client();

    @BeforeAll
    void the_history_happens() {
        client.put(ACME, """
                {"name": "Acme", "plan": {"code": "team", "includedMinutes": 100, "limit": "HARD"},
                 "zone": "UTC", "periodAnchor": "2026-01-31T00:00"}""").is(201);
        client.post(ACME + "/overage-purchases", """
                {"purchaseId": "p1", "minutes": 20}""").is(200);
        client.post(ACME + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 150}""").is(200);
        client.post("/v1/test-clock", "{\"now\": \"2026-03-01T00:00:00Z\"}").is(200);
        client.post(ACME + "/transcriptions", """
                {"transcriptionId": "t2", "minutes": 90}""").is(200);
    }

    @AfterAll
    void stop() {
        service.close();
        database.close();
    }

    @Test
    void another_plan_is_told_beside_what_happened() {
        Reply larger =
                client.get(ACME + "/what-if?plan=team-140&includedMinutes=140").is(200);

        assertThat(larger.string("/plan")).isEqualTo("team-140");
        is(larger, "/periods/0/actual", 150, 100, 20, 30, 50);
        is(larger, "/periods/0/whatIf", 150, 140, 10, 0, 10);
        is(larger, "/periods/1/actual", 90, 90, 0, 0, 0);
        is(larger, "/periods/1/whatIf", 90, 90, 0, 0, 0);
        is(larger, "/totals/whatIf", 240, 230, 10, 0, 10);
        assertThat(larger.string("/periods/1/period/start")).isEqualTo("2026-02-28T00:00:00Z");

        Reply smaller = client.get(ACME + "/what-if?includedMinutes=80&from=2026-03-01T00:00:00Z")
                .is(200);
        assertThat(smaller.at("/periods").size()).isEqualTo(1);
        is(smaller, "/periods/0/whatIf", 90, 80, 0, 10, 10);
    }

    @Test
    void other_packs_on_the_same_plans() {
        Reply packs = client.get(ACME + "/what-if?packMinutes=60").is(200);

        is(packs, "/periods/0/whatIf", 150, 100, 50, 0, 50);
        assertThat(packs.number("/periods/0/whatIf/boughtMinutes")).isEqualTo(60);
        assertThat(packs.at("/plan").isNull()).isTrue();
        Reply small =
                client.get(ACME + "/what-if?includedMinutes=60&packMinutes=40").is(200);
        assertThat(small.number("/periods/0/whatIf/overageNeededMinutes")).isEqualTo(90);
        assertThat(small.number("/periods/0/packsNeeded")).isEqualTo(3);
        assertThat(small.number("/periods/1/whatIf/overageNeededMinutes")).isEqualTo(30);
        assertThat(small.number("/periods/1/packsNeeded"))
                .as("30 of the 120 of before are left")
                .isZero();
        is(client.get(ACME + "/what-if?includedMinutes=unlimited").is(200), "/totals/whatIf", 240, 240, 0, 0, 0);
    }

    @Test
    void something_has_to_be_otherwise() {
        assertThat(client.get(ACME + "/what-if").faults()).containsExactly("/includedMinutes");
        assertThat(client.get(ACME + "/what-if?plan=big").faults()).containsExactly("/includedMinutes");
        assertThat(client.get(ACME + "/what-if?includedMinutes=many&packMinutes=0&from=2999-01-01T00:00:00Z")
                        .faults())
                .containsExactly("/includedMinutes", "/packMinutes", "/from");
        client.get(ACME + "/what-if?includedMinutes=1&from=2026-01-01T00:00:00Z")
                .isProblem(422, "before-opening");
        client.get(TestOrganization.unknown() + "/what-if?includedMinutes=1").isProblem(404, "organization-not-found");
    }

    private static void is(Reply reply, String at, long used, long base, long overage, long uncovered, long needed) {
        assertThat(reply.number(at + "/usedMinutes")).isEqualTo(used);
        assertThat(reply.number(at + "/baseMinutes")).isEqualTo(base);
        assertThat(reply.number(at + "/overageMinutes")).isEqualTo(overage);
        assertThat(reply.number(at + "/uncoveredMinutes")).isEqualTo(uncovered);
        assertThat(reply.number(at + "/overageNeededMinutes")).isEqualTo(needed);
    }
}
