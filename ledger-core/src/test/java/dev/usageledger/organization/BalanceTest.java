package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.Balance.Status;
import dev.usageledger.organization.Scenario.Expectation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BalanceTest {
    @Test
    void it_is_low_from_the_first_threshold_on() {
        given(opened(including(100)))
                .when(record("t1", 79))
                .then(status(Status.OK))
                .when(record("t2", 1))
                .then(status(Status.LOW))
                .when(record("t3", 19))
                .then(status(Status.LOW), advises());
    }

    @Test
    void it_is_exhausted_when_nothing_remains_and_then_it_says_what_would_help() {
        given(opened(including(100)), reserved("r1", 30))
                .when(record("t1", 70))
                .then(status(Status.EXHAUSTED), advises(buy(1), waitUntil("Mar 1"), releasing("r1")));
    }

    @Test
    void buying_has_to_cover_first_what_is_uncovered() {
        given(opened(including(100)))
                .when(record("t1", 130))
                .then(status(Status.EXHAUSTED), advises(buy(31), waitUntil("Mar 1")));
    }

    @Test
    void holds_alone_do_not_make_it_low() {
        given(opened(including(100))).when(reserve("r1", 99)).then(status(Status.OK), left(remaining(1)));
    }

    @Test
    void without_thresholds_it_is_never_low() {
        given(new LedgerPolicy(Duration.ZERO, List.of(), Duration.ZERO), opened(including(100)))
                .when(record("t1", 99))
                .then(status(Status.OK));
    }

    @Test
    void it_shows_packs_that_have_minutes_left_or_paid_in_this_period() {
        given(
                        opened(including(0)),
                        purchased("p1", 10),
                        purchased("p2", 10),
                        purchased("p3", 10).expiring("Feb 20"))
                .when(record("t1", 20))
                .then(shows("p3", "p1", "p2"))
                .when(on("Mar 1", roll()))
                .then(shows("p2"));
    }

    @Test
    void it_tells_the_plan_that_waits() {
        given(opened(including(100)))
                .when(changePlan("x1", including(50)).nextPeriod())
                .then(outcome -> assertThat(outcome.balance().nextPlan()).isEqualTo(including(50)));
    }

    private static Expectation advises(Action... actions) {
        return outcome -> assertThat(outcome.balance().actions()).containsExactly(actions);
    }

    private static Expectation shows(String... packs) {
        return outcome -> assertThat(outcome.balance().packs())
                .extracting(pack -> pack.purchaseId().value())
                .containsExactly(packs);
    }
}
