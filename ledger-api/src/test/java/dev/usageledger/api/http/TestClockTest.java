package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TestClockTest {
    private final Client client = Service.sharedWithTestClock().client();

    @Test
    void time_stands_still_until_it_is_moved() {
        Instant now = now();
        assertThat(now()).isEqualTo(now);

        Instant later = now.plus(Duration.ofHours(1));
        Reply moved = move(later).is(200);

        assertThat(moved.string("/now")).isEqualTo(later.toString());
        assertThat(moved.header("Ledger-Test-Clock")).hasValue(later.toString());
        assertThat(client.get("/v1/organizations").header("Ledger-Test-Clock")).hasValue(later.toString());
    }

    @Test
    void time_may_stay_and_never_goes_back() {
        Instant now = now();

        move(now).is(200);
        Reply refused = move(now.minusNanos(1_000)).isProblem(409, "test-clock-backwards");

        assertThat(refused.string("/now")).isEqualTo(now.toString());
        assertThat(now()).isEqualTo(now);
    }

    @Test
    void time_ends_with_the_year_2999() {
        assertThat(client.post("/v1/test-clock", """
                        {"now": "3000-01-01T00:00:00Z"}""").faults()).containsExactly("/now");
        assertThat(client.post("/v1/test-clock", "{}").faults()).containsExactly("/now");
    }

    @Test
    void what_falls_due_on_the_way_is_in_the_lists_when_the_answer_comes() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        Instant now = now();
        client.post(organization + "/reservations", """
                {"reservationId": "r1", "minutes": 10, "ttl": "PT1H"}""").is(200);
        client.post(organization + "/overage-purchases", """
                {"purchaseId": "p1", "minutes": 5, "expiresAt": "%s"}""".formatted(now.plus(Duration.ofDays(40))))
                .is(200);

        move(now.plus(Duration.ofDays(40))).is(200);

        assertThat(client.get(organization + "/reservations").string("/items/0/status"))
                .isEqualTo("expired");
        assertThat(client.get(organization + "/overage-purchases").number("/items/0/expiredMinutes"))
                .isEqualTo(5);
        Reply periods = client.get(organization + "/periods").is(200);
        assertThat(periods.at("/items").size()).isGreaterThan(1);
        assertThat(periods.number("/items/1/lapsedMinutes")).isEqualTo(100);
        assertThat(client.get(organization + "/events").string("/items/0/actor"))
                .isEqualTo("scheduler");
    }

    @Test
    void without_a_test_clock_there_is_no_such_path() {
        Client real = Service.shared().client();

        real.get("/v1/test-clock").isProblem(404, "not-found");
        real.post("/v1/test-clock", """
                {"now": "2027-01-01T00:00:00Z"}""").isProblem(404, "not-found");
        assertThat(real.get("/v1/organizations").header("Ledger-Test-Clock")).isEmpty();
    }

    @Test
    void a_ledger_has_one_kind_of_time_for_good() {
        try (var database = TestDatabase.create()) {
            try (Service real = Service.start(database)) {
                TestOrganization.opened(real.client(), 100, "HARD");
            }
            assertThatThrownBy(() -> Service.start(database, "--ledger.test-clock=2026-02-01T00:00:00Z"))
                    .hasRootCauseInstanceOf(CannotStartException.class)
                    .hasRootCauseMessage("This ledger has a history in real time, which a test clock would spoil."
                            + " Use another data directory or database with --test-clock.");
        }
        assertThatThrownBy(() -> Service.start(Service.sharedWithTestClock().database()))
                .hasRootCauseInstanceOf(CannotStartException.class);
    }

    private Instant now() {
        return Instant.parse(client.get("/v1/test-clock").is(200).string("/now"));
    }

    private Reply move(Instant to) {
        return client.post("/v1/test-clock", "{\"now\": \"%s\"}".formatted(to));
    }
}
