package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ListsTest {
    private final Client client = Service.shared().client();

    @ParameterizedTest
    @CsvSource({
        "transcriptions, transcriptionId",
        "reservations, reservationId",
        "overage-purchases, purchaseId",
        "members, userId",
        "events, position"
    })
    void a_list_is_paged_newest_first_without_gaps_or_repeats(String list, String id) {
        String organization = TestOrganization.opened(client, 1_000, "HARD");
        long position = 0;
        for (int i = 0; i < 7; i++) {
            position = fill(organization, list, i);
        }
        String path = organization + "/" + list + "?atLeast=" + position + "&limit=3";

        List<String> seen = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            Reply page = client.get(path + cursor).is(200);
            assertThat(page.number("/asOfPosition")).isGreaterThanOrEqualTo(position);
            assertThat(page.number("/lag")).isNotNegative();
            page.at("/items").forEach(item -> seen.add(item.get(id).asString()));
            JsonNode next = page.at("/next");
            cursor = next.isNull() ? "" : "&cursor=" + next.stringValue();
            pages++;
        } while (!cursor.isEmpty());

        List<String> whole = new ArrayList<>();
        client.get(organization + "/" + list + "?limit=500")
                .at("/items")
                .forEach(item -> whole.add(item.get(id).asString()));
        assertThat(seen).isEqualTo(whole).doesNotHaveDuplicates();
        assertThat(pages).isEqualTo(3);
        if (!list.equals("events")) {
            assertThat(seen).containsExactly("id-6", "id-5", "id-4", "id-3", "id-2", "id-1", "id-0");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"transcriptions", "reservations", "overage-purchases", "members", "periods", "events", "usage"})
    void a_list_gives_the_connection_back_that_it_was_read_with(String list) {
        String organization = TestOrganization.opened(client, 1_000, "HARD");
        fill(organization, "members", 0);
        int connections = Service.shared().bean(HikariDataSource.class).getMaximumPoolSize();

        for (int i = 0; i <= connections; i++) {
            client.get(organization + "/" + list).is(200);
        }
    }

    private long fill(String organization, String list, int i) {
        Reply filled = switch (list) {
            case "reservations" ->
                client.post(organization + "/reservations", """
                            {"reservationId": "id-%d", "minutes": 1}""".formatted(i)).is(200);
            case "overage-purchases" ->
                client.post(organization + "/overage-purchases", """
                            {"purchaseId": "id-%d", "minutes": 1, "price": {"amount": 1.5, "currency": "EUR"}}""".formatted(i))
                        .is(200);
            case "members" -> client.put(organization + "/members/id-" + i).is(200);
            default ->
                client.post(organization + "/transcriptions", """
                            {"transcriptionId": "id-%d", "minutes": 1}""".formatted(i)).is(200);
        };
        return filled.number("/position");
    }

    @Test
    void a_list_of_an_organization_contains_nothing_of_another() {
        String mine = TestOrganization.opened(client, 100, "HARD");
        String theirs = TestOrganization.opened(client, 100, "HARD");
        long position = client.post(theirs + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 1}""").number("/position");

        assertThat(client.get(mine + "/transcriptions?atLeast=" + position)
                        .at("/items")
                        .size())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"transcriptions", "reservations", "overage-purchases", "members", "periods", "events", "usage"})
    void there_is_no_list_of_an_unknown_organization(String list) {
        client.get(TestOrganization.unknown() + "/" + list).isProblem(404, "organization-not-found");
    }

    @Test
    void what_was_just_answered_is_in_a_list_that_is_asked_for_it() {
        String organization = TestOrganization.opened(client, 1_000_000, "HARD");
        for (int i = 0; i < 50; i++) {
            long position = client.post(organization + "/transcriptions", """
                    {"transcriptionId": "t-%d", "minutes": 1}""".formatted(i))
                    .number("/position");
            Reply list = client.get(organization + "/transcriptions?limit=1&atLeast=" + position);
            assertThat(list.string("/items/0/transcriptionId")).isEqualTo("t-" + i);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=501",
                "limit=-1",
                "limit=ten",
                "limit=1.5",
                "limit=",
                "limit=99999999999999999999",
                "cursor=nonsense",
                "cursor=%00",
                "cursor=",
                "cursor=bWVtYmVycwp4",
                "atLeast=-1",
                "atLeast=x",
                "atLeast=999999999999999999",
                "unknown=1",
                "limit=1&limit=2",
                "%zz=1",
                "limit=%zz"
            })
    void a_list_that_cannot_be_understood_is_refused(String query) throws Exception {
        String organization = TestOrganization.opened(client, 100, "HARD");

        String answer = RawHttp.get(Service.shared().port(), organization + "/transcriptions?" + query);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("invalid-request");
    }

    @Test
    void a_cursor_belongs_to_one_list_in_one_order() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        fill(organization, "transcriptions", 1);
        long position = fill(organization, "transcriptions", 2);
        String cursor = client.get(organization + "/transcriptions?limit=1&atLeast=" + position)
                .string("/next");

        assertThat(client.get(organization + "/reservations?cursor=" + cursor).faults())
                .containsExactly("/cursor");
        assertThat(client.get("/v1/organizations?cursor=" + cursor).faults()).containsExactly("/cursor");
    }

    @Test
    void organizations_are_found_by_name_status_and_member_and_sorted_by_what_is_left() {
        Client own = Service.sharedWithTestClock().client();
        String rich = TestOrganization.opened(own, 500, "HARD");
        String poor = TestOrganization.opened(own, 100, "HARD");
        String spent = TestOrganization.opened(own, 10, "SOFT");
        String boundless = TestOrganization.unlimited(own);
        for (String organization : List.of(rich, poor, spent, boundless)) {
            own.put(organization + "/members/of-all-four").is(200);
        }
        own.post(poor + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 85}""").is(200);
        long position = own.post(spent + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 12}""").number("/position");
        String of = "&userId=of-all-four&atLeast=" + position;

        assertThat(found(own, "sort=newest" + of)).containsExactly(boundless, spent, poor, rich);
        assertThat(found(own, "sort=remaining" + of)).containsExactly(spent, poor, rich, boundless);
        assertThat(found(own, "sort=used-share" + of)).containsExactly(spent, poor, rich, boundless);
        assertThat(found(own, "status=low" + of)).containsExactly(poor);
        assertThat(found(own, "status=exhausted" + of)).containsExactly(spent);
        assertThat(found(own, "status=unlimited" + of)).containsExactly(boundless);
        assertThat(found(own, "name=" + TestOrganization.id(rich).toUpperCase(Locale.ROOT) + of))
                .containsExactly(rich);
        assertThat(found(own, "name=100%25" + of)).isEmpty();
        assertThat(own.get("/v1/organizations?status=rich&sort=best&userId=%2F").faults())
                .containsExactlyInAnyOrder("/status", "/sort", "/userId");
        own.delete(rich + "/members/of-all-four").is(200);
        long removed = own.get(rich + "/usage").number("/position");
        assertThat(found(own, "userId=of-all-four&atLeast=" + removed)).containsExactly(boundless, spent, poor);
    }

    private static List<String> found(Client client, String query) {
        List<String> found = new ArrayList<>();
        client.get("/v1/organizations?" + query)
                .is(200)
                .at("/items")
                .forEach(item -> found.add(
                        "/v1/organizations/" + item.get("organizationId").stringValue()));
        return found;
    }
}
