package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.api.diagnosis.Check;
import dev.usageledger.api.diagnosis.Complaint;
import dev.usageledger.api.diagnosis.Diagnosis;
import dev.usageledger.api.diagnosis.Diagnostician;
import dev.usageledger.api.diagnosis.NextStep;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Each thing that can be the matter, planted and found. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiagnosisTest {
    private final HikariDataSource database = TestDatabase.create();
    // Time has to pass in it, and its tables are harmed on purpose.
    private final Service service = Service.start(database, "--ledger.test-clock=2026-02-01T00:00:00Z");
    private final Client client = service.client();
    private final JdbcClient sql = JdbcClient.create(database);

    @AfterAll
    void stop() {
        service.close();
        database.close();
    }

    @Test
    void all_is_well() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        join(organization, "ada-1", "ada-1@example.com");

        Reply diagnosis = diagnose("email=Ada-1@Example.COM");

        assertThat(diagnosis.string("/result")).isEqualTo("well");
        assertThat(found(diagnosis)).isEmpty();
        assertThat(names(diagnosis))
                .containsExactly(
                        "person",
                        "organization",
                        "refused-calls",
                        "period",
                        "base",
                        "packs",
                        "holds",
                        "limit",
                        "rejections",
                        "replay",
                        "chain");
        assertThat(diagnosis.string("/verdict"))
                .isEqualTo(
                        "ada-1@example.com (ada-1) belongs to Organization %s (%s), which has 100 minutes left (100 base + 0 overage)."
                                .formatted(id(organization), id(organization)));
        assertThat(diagnosis.at("/next")).isEmpty();
        assertThat(diagnosis.string("/person/userIds/0")).isEqualTo("ada-1");
    }

    @Test
    void nobody_has_that_address() {
        Reply diagnosis = diagnose("email=nobody@example.com");

        assertThat(diagnosis.string("/result")).isEqualTo("unknown");
        assertThat(found(diagnosis)).containsExactly("person");
        assertThat(steps(diagnosis)).containsExactly("find-person", "add-to-organization");
    }

    @Test
    void a_user_whom_nobody_ever_added_is_not_known() {
        assertThat(diagnose("userId=ghost-1").string("/result")).isEqualTo("unknown");
    }

    @Test
    void the_invitation_lost_the_organization() {
        client.post("/v1/transcriptions", """
                {"transcriptionId": "t1", "minutes": 3, "userId": "lost-1"}""").isProblem(422, "user-without-organization");

        Reply diagnosis = diagnose("userId=lost-1");

        assertThat(diagnosis.string("/result")).isEqualTo("found");
        assertThat(found(diagnosis)).containsExactly("organization", "refused-calls");
        assertThat(check(diagnosis, "refused-calls").at("/numbers/last/code").stringValue())
                .isEqualTo("user-without-organization");
        assertThat(diagnosis.string("/verdict")).contains("lost-1 belongs to no organization");
        assertThat(diagnosis.string("/next/0/sentence"))
                .contains("PUT /v1/organizations/{organizationId}/members/lost-1");
    }

    @Test
    void a_person_who_was_removed_is_told_apart_from_one_who_never_was_there() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        join(organization, "left-1", "left-1@example.com");
        client.delete(organization + "/members/left-1").is(200);

        assertThat(diagnose("email=left-1@example.com").string("/result")).isEqualTo("unknown");
        Reply byUser = diagnose("userId=left-1");
        assertThat(byUser.string("/result")).isEqualTo("found");
        assertThat(check(byUser, "organization").at("/sentence").stringValue())
                .contains("Member of no organization; removed from " + id(organization));
    }

    @Test
    void a_person_in_several_organizations_has_to_say_which() {
        String first = TestOrganization.opened(client, 100, "HARD");
        String second = TestOrganization.unlimited(client);
        join(first, "both-1", "both-1@example.com");
        join(second, "both-1", "both-1@example.com");
        client.post("/v1/transcriptions", """
                {"transcriptionId": "t2", "minutes": 3, "userId": "both-1"}""").isProblem(422, "ambiguous-organization");

        Reply diagnosis = diagnose("email=both-1@example.com");

        assertThat(found(diagnosis)).containsExactly("organization", "refused-calls");
        assertThat(diagnosis.string("/verdict"))
                .contains("belongs to 2 organizations", "100 minutes left", "unlimited minutes");
        assertThat(steps(diagnosis)).containsExactly("name-organization");
        Reply one = diagnose("email=both-1@example.com&organizationId=" + id(second));
        assertThat(check(one, "base").at("/organizationId").stringValue()).isEqualTo(id(second));
    }

    @Test
    void one_address_was_given_for_two_people() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        join(organization, "twin-1", "twins@example.com");
        join(organization, "twin-2", "twins@example.com");

        assertThat(found(diagnose("email=twins@example.com"))).containsExactly("person");
    }

    @Test
    void an_address_is_kept_where_the_person_is_no_member() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        sql.sql("INSERT INTO access.member_emails VALUES (:organization, 'stray-1', 'stray-1@example.com')")
                .param("organization", id(organization))
                .update();

        Reply diagnosis = diagnose("email=stray-1@example.com");

        assertThat(found(diagnosis)).containsExactly("organization", "membership");
        assertThat(steps(diagnosis)).contains("mend-membership");
    }

    @Test
    void the_list_of_members_has_lost_a_member() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        long position = join(organization, "unlisted-1", "unlisted-1@example.com");
        client.get(organization + "/members?atLeast=" + position).is(200);
        sql.sql("DELETE FROM reporting.members WHERE user_id = 'unlisted-1'").update();

        Reply diagnosis = diagnose("email=unlisted-1@example.com");

        assertThat(found(diagnosis)).containsExactly("membership", "replay");
        assertThat(check(diagnosis, "membership").at("/outcome").stringValue()).isEqualTo("problem");
    }

    @Test
    void base_is_spent_and_there_are_no_packs() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        join(organization, "spent-1", "spent-1@example.com");
        record(organization, "t1", 100);
        refuse(organization, "r1", 12);

        Reply diagnosis = diagnose("email=spent-1@example.com");

        assertThat(found(diagnosis)).containsExactly("base", "packs", "limit", "rejections");
        assertThat(diagnosis.string("/verdict"))
                .contains("has no minutes left: all 100 base minutes are spent and no pack was ever bought");
        assertThat(check(diagnosis, "rejections").at("/sentence").stringValue())
                .contains("reserve-minutes r1", "insufficient-minutes", "requested 12", "remaining 0", "short by 12");
        assertThat(steps(diagnosis)).containsExactly("purchase-overage", "wait-for-renewal");
        assertThat(diagnosis.number("/next/0/numbers/minutes")).isEqualTo(12);
        assertThat(diagnosis.string("/next/0/sentence")).startsWith("Buy at least 12 minutes:");
    }

    @Test
    void packs_that_survive_the_month_are_told_with_where_their_minutes_went() {
        String organization = TestOrganization.opened(client, 10, "HARD");
        client.post(organization + "/overage-purchases", """
                {"purchaseId": "p1", "minutes": 50}""").is(200);
        record(organization, "t1", 25);

        JsonNode packs = check(diagnose("organizationId=" + id(organization)), "packs");

        assertThat(packs.at("/outcome").stringValue()).isEqualTo("ok");
        assertThat(packs.at("/sentence").stringValue())
                .isEqualTo("35 minutes left in 1 pack (p1: 35 of 50, never expires); of 50 minutes ever bought 15 are"
                        + " spent, 35 left, 0 refunded, 0 expired.");
    }

    @Test
    void uploads_in_flight_hold_everything() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        client.post(organization + "/reservations", """
                {"reservationId": "stuck", "minutes": 100, "ttl": "PT24H", "userId": "u-17"}""").is(200);

        Reply diagnosis = diagnose("organizationId=" + id(organization));

        assertThat(found(diagnosis)).containsExactly("holds", "limit");
        assertThat(diagnosis.string("/verdict")).contains("100 minutes unspent, but all held by 1 upload in flight");
        assertThat(check(diagnosis, "holds")
                        .at("/numbers/holds/0/reservationId")
                        .stringValue())
                .isEqualTo("stuck");
        assertThat(check(diagnosis, "holds").at("/sentence").stringValue()).contains("stuck of u-17");
        assertThat(steps(diagnosis)).contains("release-reservation");
    }

    @Test
    void what_was_refused_would_be_let_through_now() {
        String organization = TestOrganization.opened(client, 20, "HARD");
        refuse(organization, "r1", 30);
        assertThat(diagnose("organizationId=" + id(organization)).string("/verdict"))
                .contains("20 minutes left", "10 fewer than the 30 that an upload asked for last");

        client.post(organization + "/overage-purchases", """
                {"purchaseId": "p1", "minutes": 10}""").is(200);

        Reply diagnosis = diagnose("organizationId=" + id(organization));
        assertThat(found(diagnosis)).containsExactly("rejections");
        assertThat(diagnosis.string("/verdict")).contains("would be let through now");
        assertThat(diagnosis.at("/next")).isEmpty();
    }

    @Test
    void rejections_of_a_batch_are_told_too() {
        String organization = TestOrganization.opened(client, 5, "HARD");

        client.with(Map.of("Content-Type", "application/cloudevents+json"))
                .post("/v1/events", """
                {"specversion": "1.0", "source": "/s", "id": "1", "type": "dev.usageledger.reserve-minutes",
                 "subject": "%s", "data": {"reservationId": "bulk-1", "minutes": 6}}""".formatted(id(organization)))
                .is(200);

        assertThat(check(diagnose("organizationId=" + id(organization)), "rejections")
                        .at("/numbers/rejections/0/commandId")
                        .stringValue())
                .isEqualTo("bulk-1");
    }

    @Test
    void a_soft_limit_leaves_usage_uncovered() {
        String organization = TestOrganization.opened(client, 10, "SOFT");
        record(organization, "t1", 25);

        Reply diagnosis = diagnose("organizationId=" + id(organization));

        assertThat(found(diagnosis)).containsExactly("base", "limit");
        assertThat(check(diagnosis, "limit").at("/numbers/uncovered").longValue())
                .isEqualTo(15);
        assertThat(diagnosis.string("/verdict")).contains("a SOFT limit, so uploads go on");
    }

    @Test
    void lists_were_written_to_by_somebody_else() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        record(organization, "t1", 40);
        diagnose("organizationId=" + id(organization));
        sql.sql("""
                        UPDATE reporting.organization_usage
                        SET used_minutes = used_minutes + 5, base_used_minutes = base_used_minutes + 5
                        WHERE organization_id = :organization
                        """).param("organization", id(organization)).update();

        Reply diagnosis = diagnose("organizationId=" + id(organization));

        assertThat(found(diagnosis)).containsExactly("replay");
        assertThat(check(diagnosis, "replay").at("/sentence").stringValue())
                .contains("usedMinutes is 45 in lists and should be 40");
        assertThat(steps(diagnosis)).containsExactly("rebuild-read-models");
        assertThat(diagnosis.string("/verdict")).contains("while lists show other numbers than its events give");
    }

    @Test
    void lists_were_lost() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        diagnose("organizationId=" + id(organization));
        sql.sql("DELETE FROM reporting.overage_packs WHERE organization_id = :organization")
                .param("organization", id(organization))
                .update();
        sql.sql("DELETE FROM reporting.billing_periods WHERE organization_id = :organization")
                .param("organization", id(organization))
                .update();

        assertThat(found(diagnose("organizationId=" + id(organization)))).containsExactly("replay");
    }

    @Test
    void an_unknown_organization_is_said_to_be() {
        Reply diagnosis = diagnose("organizationId=none-such");

        assertThat(diagnosis.string("/result")).isEqualTo("unknown");
        assertThat(diagnosis.at("/person").isNull()).isTrue();
    }

    @Test
    void the_person_is_no_member_of_the_organization_that_is_asked_about() {
        String own = TestOrganization.opened(client, 100, "HARD");
        String other = TestOrganization.opened(client, 100, "HARD");
        join(own, "apart-1", "apart-1@example.com");

        assertThat(diagnose("email=apart-1@example.com&organizationId=" + id(other))
                        .string("/verdict"))
                .contains("is no member of Organization " + id(other));
    }

    @Test
    void a_period_whose_end_nobody_recorded_is_found_and_does_not_matter() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        record(organization, "t1", 100);
        diagnose("organizationId=" + id(organization));

        Diagnosis diagnosis = look(organization, "2026-04-02T00:00:00Z");

        Check period = check(diagnosis, Check.Name.PERIOD);
        assertThat(period.outcome()).isEqualTo(Check.Outcome.ATTENTION);
        assertThat(period.numbers()).containsEntry("rollsDue", 2L);
        assertThat(check(diagnosis, Check.Name.BASE).numbers()).containsEntry("remaining", 100L);
        assertThat(diagnosis.next()).extracting(NextStep::type).containsExactly("record-roll");
    }

    @Test
    void history_was_changed_by_somebody_else() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        record(organization, "t1", 10);
        sql.sql("ALTER TABLE ledger.events DISABLE TRIGGER events_are_append_only")
                .update();
        sql.sql("UPDATE ledger.events SET metadata = '{}' WHERE organization_id = :organization AND sequence = 1")
                .param("organization", id(organization))
                .update();
        sql.sql("ALTER TABLE ledger.events ENABLE TRIGGER events_are_append_only")
                .update();

        Reply diagnosis = diagnose("organizationId=" + id(organization));

        assertThat(found(diagnosis)).containsExactly("chain");
        assertThat(check(diagnosis, "chain").at("/sentence").stringValue())
                .isEqualTo(
                        "Somebody has changed history: event 1: what it says behind event 0 is not what was hashed.");
        assertThat(steps(diagnosis)).containsExactly("verify-audit");
        assertThat(diagnosis.string("/verdict")).contains("while its history is not as it was recorded");
    }

    @Test
    void an_upload_that_holds_for_long_is_told_with_its_age() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        Instant held = Instant.parse(
                client.post(organization + "/reservations", """
                {"reservationId": "slow", "minutes": 10, "ttl": "PT24H"}""").is(200).string("/entry/recordedAt"));

        assertThat(check(look(organization, held.plus(Duration.ofMinutes(50)).toString()), Check.Name.HOLDS)
                        .passes())
                .isTrue();
        Check old = check(look(organization, held.plus(Duration.ofMinutes(185)).toString()), Check.Name.HOLDS);
        assertThat(old.outcome()).isEqualTo(Check.Outcome.ATTENTION);
        assertThat(old.sentence()).contains("the oldest, slow, for 3 h 5 min");
    }

    @Test
    void what_was_refused_long_ago_is_told_and_no_finding() {
        String organization = TestOrganization.opened(client, 20, "HARD");
        refuse(organization, "r1", 30);
        diagnose("organizationId=" + id(organization));

        Diagnosis diagnosis =
                look(organization, client.get("/v1/test-clock").string("/now").replace("T00:00:00Z", "T23:00:00Z"));
        assertThat(check(diagnosis, Check.Name.REJECTIONS).passes()).isFalse();
        Diagnosis later = look(organization, "2026-02-20T00:00:00Z");
        assertThat(check(later, Check.Name.REJECTIONS).passes()).isTrue();
        assertThat(check(later, Check.Name.REJECTIONS).sentence()).contains("reserve-minutes r1");
        assertThat(later.verdict()).doesNotContain("asked for last");
    }

    @Test
    void no_text_that_a_caller_wrote_is_kept_of_what_was_refused() {
        String organization = TestOrganization.opened(client, 20, "HARD");
        client.put(organization, """
                {"name": "Ada Lovelace", "plan": {"code": "team", "includedMinutes": 20, "limit": "HARD"},
                 "zone": "UTC", "periodAnchor": "2026-01-31T00:00"}""").isProblem(409, "idempotency-conflict");
        diagnose("organizationId=" + id(organization));

        assertThat(sql.sql("SELECT numbers::text FROM support.rejections WHERE organization_id = :organization")
                        .param("organization", id(organization))
                        .query(String.class)
                        .single())
                .isEqualTo("{\"field\":\"name\"}");
    }

    @Test
    void it_has_to_be_said_whom_it_is_about() {
        assertThat(client.get("/v1/diagnoses").faults()).containsExactly("/email");
        assertThat(client.get("/v1/diagnoses?email=a@b&userId=u").faults()).containsExactly("/email");
        assertThat(client.get("/v1/diagnoses?email=nobody").faults()).containsExactly("/email");
    }

    @Test
    void erasing_a_person_leaves_the_ledger_provable() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        String other = TestOrganization.opened(client, 100, "HARD");
        join(organization, "gone-1", "gone-1@example.com");
        join(other, "gone-1", "gone-1.work@example.com");
        client.post("/v1/transcriptions", """
                {"transcriptionId": "t9", "minutes": 3, "userId": "gone-1"}""").isProblem(422, "ambiguous-organization");
        List<String> before = events(organization);

        Reply erased = client.post("/v1/erasures", """
                {"email": "Gone-1@example.com"}""").is(200);

        assertThat(erased.number("/addresses")).isEqualTo(2);
        assertThat(diagnose("email=gone-1@example.com").string("/result")).isEqualTo("unknown");
        assertThat(diagnose("email=gone-1.work@example.com").string("/result")).isEqualTo("unknown");
        assertThat(events(organization)).isEqualTo(before);
        Reply byUser = diagnose("userId=gone-1");
        assertThat(byUser.at("/person/organizationIds")).hasSize(2);
        assertThat(check(byUser, "replay").at("/outcome").stringValue()).isEqualTo("ok");
        assertThat(check(byUser, "refused-calls").at("/numbers/refused").longValue())
                .isZero();
        assertThat(client.post("/v1/erasures", """
                {"email": "gone-1@example.com"}""").is(200).number("/addresses"))
                .isZero();
        assertThat(client.post("/v1/erasures", "{}").faults()).containsExactly("/email");
    }

    private List<String> events(String organization) {
        return sql.sql("SELECT events::text FROM ledger.events WHERE organization_id = :organization ORDER BY position")
                .param("organization", id(organization))
                .query(String.class)
                .list();
    }

    private long join(String organization, String userId, String email) {
        return client.put(organization + "/members/" + userId, """
                {"email": "%s"}""".formatted(email))
                .is(200)
                .number("/position");
    }

    private void record(String organization, String transcriptionId, int minutes) {
        client.post(organization + "/transcriptions", """
                {"transcriptionId": "%s", "minutes": %d}""".formatted(transcriptionId, minutes))
                .is(200);
    }

    private void refuse(String organization, String reservationId, int minutes) {
        client.post(organization + "/reservations", """
                {"reservationId": "%s", "minutes": %d}""".formatted(reservationId, minutes))
                .isProblem(402, "insufficient-minutes");
    }

    private Reply diagnose(String query) {
        return client.get("/v1/diagnoses?" + query).is(200);
    }

    private Diagnosis look(String organization, String at) {
        return service.bean(Diagnostician.class)
                .look(new Complaint(null, null, new OrganizationId(id(organization))), Instant.parse(at), false);
    }

    private static Check check(Diagnosis diagnosis, Check.Name name) {
        return diagnosis.checks().stream()
                .filter(check -> check.check() == name)
                .findFirst()
                .orElseThrow();
    }

    private static String id(String organization) {
        return TestOrganization.id(organization);
    }

    private static List<String> names(Reply diagnosis) {
        return checks(diagnosis).stream().map(DiagnosisTest::name).toList();
    }

    private static List<String> found(Reply diagnosis) {
        return checks(diagnosis).stream()
                .filter(check -> !check.get("outcome").stringValue().equals("ok"))
                .map(DiagnosisTest::name)
                .toList();
    }

    private static JsonNode check(Reply diagnosis, String name) {
        return checks(diagnosis).stream()
                .filter(check -> name(check).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> checks(Reply diagnosis) {
        return StreamSupport.stream(diagnosis.at("/checks").spliterator(), false)
                .toList();
    }

    private static String name(JsonNode check) {
        return check.get("check").stringValue();
    }

    private static List<String> steps(Reply diagnosis) {
        return StreamSupport.stream(diagnosis.at("/next").spliterator(), false)
                .map(step -> step.get("type").stringValue())
                .toList();
    }
}
