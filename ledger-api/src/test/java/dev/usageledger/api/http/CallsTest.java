package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What each call does and answers, beyond the worked history. */
class CallsTest {
    private final Client client = Service.shared().client();

    @Test
    void a_ledger_is_opened_once() {
        String path = TestOrganization.unknown();
        String body = """
                {"name": "Acme", "plan": {"code": "team", "includedMinutes": 100, "limit": "HARD"},
                 "zone": "Europe/Berlin", "periodAnchor": "2026-01-31T00:00"}""";

        Reply opened = client.put(path, body).is(201);
        Reply again = client.put(path, body).is(200);
        Reply other = client.put(path, body.replace("Acme", "Acme Inc")).isProblem(409, "idempotency-conflict");

        assertThat(opened.string("/entry/type")).isEqualTo("organization-opened");
        assertThat(opened.string("/usage/period/zone")).isEqualTo("Europe/Berlin");
        assertThat(again.at("/entry")).isEqualTo(opened.at("/entry"));
        assertThat(again.at("/replayed").booleanValue()).isTrue();
        assertThat(List.of(other.string("/field"), other.string("/original"), other.string("/given")))
                .containsExactly("name", "Acme", "Acme Inc");
    }

    @Test
    void a_plan_changes_now_or_with_the_next_period() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        String body = """
                {"changeId": "%s", "plan": {"code": "big", "includedMinutes": 500, "limit": "SOFT"}, "effective": "%s"}""";

        Reply scheduled = client.post(organization + "/plan-changes", body.formatted("c1", "next-period"))
                .is(200);
        assertThat(scheduled.string("/entry/type")).isEqualTo("plan-change-scheduled");
        assertThat(scheduled.number("/usage/plan/includedMinutes")).isEqualTo(100);
        assertThat(scheduled.number("/usage/nextPlan/includedMinutes")).isEqualTo(500);

        Reply changed = client.post(organization + "/plan-changes", body.formatted("c2", "now"))
                .is(200);
        assertThat(changed.string("/entry/type")).isEqualTo("plan-changed");
        assertThat(changed.number("/usage/remainingMinutes")).isEqualTo(500);
        assertThat(changed.json().at("/usage").has("nextPlan")).isFalse();

        Reply conflict = client.post(organization + "/plan-changes", body.formatted("c1", "now"))
                .isProblem(409, "idempotency-conflict");
        assertThat(List.of(conflict.string("/field"), conflict.string("/original"), conflict.string("/given")))
                .containsExactly("effective", "next-period", "now");
    }

    @Test
    void seconds_are_charged_by_the_minute_begun_and_kept() {
        String organization = TestOrganization.opened(client, 100, "HARD");

        Reply reply = client.post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "durationSeconds": 61}""").is(200);

        assertThat(reply.number("/entry/minutes")).isEqualTo(2);
        assertThat(reply.number("/entry/durationSeconds")).isEqualTo(61);
        client.post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 2}""").isProblem(409, "idempotency-conflict");
    }

    @Test
    void usage_is_recorded_even_where_nothing_covers_it_unless_the_caller_asks_to_refuse() {
        String organization = TestOrganization.opened(client, 10, "HARD");

        Reply refused = client.post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 15, "onInsufficient": "reject"}""").isProblem(402, "insufficient-minutes");
        assertThat(refused.number("/shortBy")).isEqualTo(5);

        Reply recorded = client.post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 15}""").is(200);
        assertThat(recorded.number("/entry/uncovered")).isEqualTo(5);
        assertThat(recorded.string("/usage/status")).isEqualTo("exhausted");
        assertThat(recorded.string("/usage/message"))
                .startsWith("No minutes left (0 base + 0 overage). 5 minutes of usage are uncovered;")
                .contains("Base minutes renew on ", "To have minutes again: buy at least 6 minutes");
        assertThat(recorded.string("/usage/actions/0/type")).isEqualTo("purchase-overage");
        assertThat(recorded.number("/usage/actions/0/minutes")).isEqualTo(6);
    }

    @Test
    void a_reservation_is_released_once_and_then_again_as_a_replay() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        Reply reserved = client.post(organization + "/reservations", """
                {"reservationId": "r1", "minutes": 10, "userId": "ada"}""").is(200);
        assertThat(reserved.string("/entry/ttl")).isEqualTo("PT2H");
        assertThat(reserved.string("/usage/message"))
                .startsWith("90 minutes left (100 base + 0 overage - 10 held by uploads in flight).");

        Reply released = client.post(organization + "/reservations/r1/release").is(200);
        Reply again =
                client.post(organization + "/reservations/r1/release", "{}").is(200);

        assertThat(released.number("/usage/remainingMinutes")).isEqualTo(100);
        assertThat(again.at("/entry")).isEqualTo(released.at("/entry"));
        assertThat(again.at("/replayed").booleanValue()).isTrue();
        assertThat(client.post(organization + "/reservations/r1/release", "{\"why\": 1}")
                        .faults())
                .containsExactly("/why");
    }

    @Test
    void unspent_minutes_of_a_pack_can_be_taken_back() {
        String organization = TestOrganization.opened(client, 0, "HARD");
        Reply bought = client.post(organization + "/overage-purchases", """
                {"purchaseId": "p1", "minutes": 50, "price": {"amount": 9.90, "currency": "EUR"}}""").is(200);
        assertThat(bought.at("/entry/price/amount").decimalValue()).isEqualByComparingTo("9.9");
        client.post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 20}""").is(200);

        Reply some =
                client.post(organization + "/overage-purchases/p1/refunds", """
                {"refundId": "f1", "minutes": 10}""").is(200);
        Reply rest =
                client.post(organization + "/overage-purchases/p1/refunds", """
                {"refundId": "f2"}""").is(200);
        Reply none = client.post(organization + "/overage-purchases/p1/refunds", """
                {"refundId": "f3"}""")
                .isProblem(409, "refund-exceeds-unspent");

        assertThat(some.number("/usage/remainingMinutes")).isEqualTo(20);
        assertThat(rest.number("/entry/minutes")).isEqualTo(20);
        assertThat(rest.number("/usage/remainingMinutes")).isZero();
        assertThat(none.at("/requested").isNull()).isTrue();
        assertThat(none.number("/unspent")).isZero();
        Reply packs = client.get(organization + "/overage-purchases?atLeast=" + rest.number("/position"));
        assertThat(List.of(
                        packs.number("/items/0/boughtMinutes"),
                        packs.number("/items/0/spentMinutes"),
                        packs.number("/items/0/refundedMinutes")))
                .containsExactly(50L, 20L, 30L);
    }

    @Test
    void rolling_where_nothing_is_due_changes_nothing() {
        String organization = TestOrganization.opened(client, 100, "HARD");

        Reply rolled = client.post(organization + "/period-rolls").is(200);

        assertThat(rolled.at("/entry").isNull()).isTrue();
        assertThat(rolled.at("/replayed").booleanValue()).isFalse();
        assertThat(client.get(organization + "/events").at("/items").size()).isEqualTo(1);
    }

    @Test
    void an_unlimited_plan_says_so() {
        String organization = TestOrganization.unlimited(client);

        Reply reply = client.post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 1}""").is(200);

        assertThat(reply.string("/usage/status")).isEqualTo("unlimited");
        assertThat(reply.at("/usage/remainingMinutes").isNull()).isTrue();
        assertThat(reply.at("/usage/capacityMinutes").isNull()).isTrue();
        assertThat(reply.at("/usage/base/included").isNull()).isTrue();
        assertThat(reply.string("/usage/message")).startsWith("Unlimited minutes; 1 minute used since ");
    }

    @Test
    void a_member_is_added_and_removed_as_often_as_one_likes() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        String ada = organization + "/members/ada";

        Reply added = client.put(ada).is(200);
        Reply again = client.put(ada, "{}").is(200);
        Reply removed = client.delete(ada).is(200);
        Reply gone = client.delete(ada).is(200);

        assertThat(added.string("/entry/type")).isEqualTo("member-added");
        assertThat(again.at("/entry")).isEqualTo(added.at("/entry"));
        assertThat(again.at("/replayed").booleanValue()).isTrue();
        assertThat(removed.string("/entry/type")).isEqualTo("member-removed");
        assertThat(gone.at("/replayed").booleanValue()).isTrue();
    }

    @Test
    void an_e_mail_address_is_beside_the_ledger_and_can_be_erased() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        String ada = organization + "/members/ada";

        client.put(ada, "{\"email\": \"Ada.Lovelace@Example.COM\"}").is(200);
        assertThat(emailOf(organization)).isEqualTo("\"ada.lovelace@example.com\"");
        client.put(ada).is(200);
        assertThat(emailOf(organization)).isEqualTo("\"ada.lovelace@example.com\"");
        client.put(ada, "{\"email\": null}").is(200);
        assertThat(emailOf(organization)).isEqualTo("null");
        client.put(ada, "{\"email\": \"ada@example.com\"}").is(200);
        assertThat(client.put(ada, "{\"email\": \"not an address\"}").faults()).containsExactly("/email");
        assertThat(client.get(organization + "/events?limit=500").text()).doesNotContain("example.com");

        client.delete(ada).is(200);

        assertThat(JdbcClient.create(Service.shared().database())
                        .sql("SELECT count(*) FROM access.member_emails WHERE organization_id = :id")
                        .param("id", TestOrganization.id(organization))
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void nobody_is_remembered_for_an_organization_that_does_not_exist() {
        String unknown = TestOrganization.unknown();

        client.put(unknown + "/members/ada", "{\"email\": \"ada@example.com\"}")
                .isProblem(404, "organization-not-found");

        assertThat(JdbcClient.create(Service.shared().database())
                        .sql("SELECT count(*) FROM access.member_emails WHERE organization_id = :id")
                        .param("id", TestOrganization.id(unknown))
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void a_users_transcription_is_charged_to_the_one_organization_of_the_user() {
        String first = TestOrganization.opened(client, 100, "HARD");
        String second = TestOrganization.opened(client, 100, "HARD");
        String user = "user-of-" + TestOrganization.id(first);
        String body = """
                {"transcriptionId": "%s", "minutes": 5, "userId": "%s"}""";

        Reply nobody = client.post("/v1/transcriptions", body.formatted("t1", user))
                .isProblem(422, "user-without-organization");
        assertThat(nobody.at("/candidates").size()).isZero();

        client.put(first + "/members/" + user).is(200);
        Reply charged =
                client.post("/v1/transcriptions", body.formatted("t1", user)).is(200);
        assertThat(charged.string("/usage/organizationId")).isEqualTo(TestOrganization.id(first));

        client.put(second + "/members/" + user).is(200);
        Reply ambiguous =
                client.post("/v1/transcriptions", body.formatted("t2", user)).isProblem(422, "ambiguous-organization");
        assertThat(List.of(ambiguous.string("/candidates/0"), ambiguous.string("/candidates/1")))
                .containsExactlyInAnyOrder(TestOrganization.id(first), TestOrganization.id(second));

        client.delete(first + "/members/" + user).is(200);
        Reply moved =
                client.post("/v1/transcriptions", body.formatted("t2", user)).is(200);
        assertThat(moved.string("/usage/organizationId")).isEqualTo(TestOrganization.id(second));
    }

    @Test
    void a_users_transcription_sent_again_after_a_move_is_not_charged_twice() {
        String before = TestOrganization.opened(client, 100, "HARD");
        String after = TestOrganization.opened(client, 100, "HARD");
        String user = "mover-" + TestOrganization.id(before);
        String body = """
                {"transcriptionId": "t1", "minutes": 5, "userId": "%s"}""".formatted(user);
        client.put(before + "/members/" + user).is(200);
        JsonNode entry = client.post("/v1/transcriptions", body).is(200).at("/entry");
        client.delete(before + "/members/" + user).is(200);

        Reply homeless = client.post("/v1/transcriptions", body).is(200);
        client.put(after + "/members/" + user).is(200);
        Reply again = client.post("/v1/transcriptions", body).is(200);

        for (Reply reply : List.of(homeless, again)) {
            assertThat(reply.at("/replayed").booleanValue()).isTrue();
            assertThat(reply.at("/entry")).isEqualTo(entry);
        }
        assertThat(client.get(after + "/usage").number("/usedMinutes")).isZero();
    }

    @Test
    void entries_go_by_the_names_that_events_are_stored_under() {
        String organization = TestOrganization.opened(client, 10, "SOFT");
        client.put(organization + "/members/ada").is(200);
        client.delete(organization + "/members/ada").is(200);
        client.post(organization + "/reservations", """
                {"reservationId": "r1", "minutes": 1}""").is(200);
        client.post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 10, "reservationId": "r1"}""").is(200);
        client.post(organization + "/transcriptions/t1/corrections", """
                {"correctionId": "c1", "minutes": 2, "reason": "r"}""").is(200);
        client.post(organization + "/overage-purchases", """
                {"purchaseId": "p1", "minutes": 5}""").is(200);
        client.post(organization + "/overage-purchases/p1/refunds", """
                {"refundId": "f1"}""").is(200);

        List<String> shown = new ArrayList<>();
        client.get(organization + "/events?limit=500")
                .is(200)
                .at("/items")
                .forEach(item -> shown.add(item.at("/event/type").stringValue()));

        assertThat(shown)
                .hasSizeGreaterThan(8)
                .isEqualTo(JdbcClient.create(Service.shared().database())
                        .sql("SELECT type FROM ledger.events WHERE organization_id = :id ORDER BY position DESC")
                        .param("id", TestOrganization.id(organization))
                        .query(String.class)
                        .list());
    }

    private String emailOf(String organization) {
        long position = client.get(organization + "/usage").number("/position");
        return client.get(organization + "/members?atLeast=" + position)
                .at("/items/0/email")
                .toString();
    }
}
