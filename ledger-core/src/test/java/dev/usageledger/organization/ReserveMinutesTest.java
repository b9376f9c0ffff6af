package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.usageledger.organization.Asked.Reserving;
import dev.usageledger.organization.OrganizationCommand.ReserveMinutes;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.MinutesReserved;
import dev.usageledger.organization.OrganizationEvent.ReservationExpired;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReserveMinutesTest {
    private static final ReservationId R1 = new ReservationId("r1");

    @Test
    void it_holds_minutes_until_its_time_is_over() {
        MinutesReserved reserved = new MinutesReserved(
                at("Feb 3 10:00"), R1, Minutes.of(70), Duration.ofMinutes(90), at("Feb 3 11:30"), new UserId("ann"));

        given(opened(including(100)))
                .when(on(
                        "Feb 3 10:00",
                        reserve("r1", 70).lasting(Duration.ofMinutes(90)).by("ann")))
                .then(events(reserved), answeredBy(reserved))
                .then(left(base(100), held(70), remaining(30), used(0), capacity(100)));
    }

    @Test
    void a_hold_lasts_two_hours_unless_told_otherwise() {
        assertThat(ReserveMinutes.DEFAULT_TTL).isEqualTo(Duration.ofHours(2));
    }

    @Nested
    class Admission {
        @Test
        void a_hold_counts_against_everyone() {
            given(opened(including(100)), reserved("r1", 70))
                    .when(reserve("r2", 40))
                    .then(rejected(insufficient(40, remaining(30), base(100), overage(0), held(70), shortBy(10))
                            .renewing("Mar 1")
                            .advising(buy(10), waitUntil("Mar 1"), releasing("r1"))));
        }

        @Test
        void all_that_remains_can_be_held() {
            given(opened(including(100)), reserved("r1", 70))
                    .when(reserve("r2", 30))
                    .then(accepted(), left(held(100), remaining(0)));
        }

        @Test
        void packs_count_too() {
            given(opened(including(100)), purchased("p1", 50), recorded("t1", 120))
                    .when(reserve("r1", 30))
                    .then(accepted(), left(overage(30), remaining(0)))
                    .when(reserve("r2", 1))
                    .then(rejected(insufficient(1, remaining(0), base(0), overage(30), held(30), shortBy(1))
                            .renewing("Mar 1")
                            .advising(buy(1), waitUntil("Mar 1"), releasing("r1"))));
        }

        @Test
        void a_soft_plan_holds_more_than_there_is() {
            given(opened(soft(including(100))))
                    .when(reserve("r1", 150))
                    .then(accepted(), left(held(150), remaining(0), base(100)));
        }

        @Test
        void an_unlimited_plan_holds_as_much_as_is_asked() {
            given(opened(unlimited())).when(reserve("r1", 1_000_000_000)).then(accepted(), left(no(remaining(0))));
        }

        @Test
        void nobody_is_refused_because_a_reset_is_late() {
            given(opened(including(100)), recorded("t1", 100))
                    .when(on("Feb 28 23:59:59", reserve("r1", 100)))
                    .then(rejected(insufficient(100, remaining(0), base(0), overage(0), held(0), shortBy(100))
                            .renewing("Mar 1")
                            .advising(buy(100), waitUntil("Mar 1"))))
                    .when(on("Mar 1", reserve("r1", 100)))
                    .then(eventsOf(BillingPeriodRolled.class, MinutesReserved.class));
        }

        @Test
        void an_upload_that_was_refused_may_try_again_under_the_same_id() {
            given(opened(including(100)), recorded("t1", 100))
                    .when(reserve("r1", 10))
                    .then(rejected(insufficient(10, remaining(0), base(0), overage(0), held(0), shortBy(10))
                            .renewing("Mar 1")
                            .advising(buy(10), waitUntil("Mar 1"))))
                    .and(purchased("p1", 10))
                    .when(reserve("r1", 10))
                    .then(accepted());
        }
    }

    @Nested
    class Advice {
        @Test
        void buying_has_to_cover_first_what_is_uncovered() {
            given(opened(including(100)), recorded("t1", 130))
                    .when(reserve("r1", 5))
                    .then(rejected(insufficient(5, remaining(0), base(0), overage(0), held(0), shortBy(5))
                            .renewing("Mar 1")
                            .advising(buy(35), waitUntil("Mar 1"))));
        }

        @Test
        void buying_has_to_make_up_for_holds_beyond_what_there_is() {
            given(opened(soft(including(100))), reserved("r1", 150), changedPlan("x1", including(100)))
                    .when(reserve("r2", 10))
                    .then(rejected(insufficient(10, remaining(0), base(100), overage(0), held(150), shortBy(10))
                            .renewing("Mar 1")
                            .advising(buy(60), waitUntil("Mar 1"), releasing("r1"))));
        }

        @Test
        void waiting_is_no_use_where_the_plan_does_not_include_enough() {
            given(opened(including(100)))
                    .when(reserve("r1", 101))
                    .then(rejected(insufficient(101, remaining(100), base(100), overage(0), held(0), shortBy(1))
                            .renewing("Mar 1")
                            .advising(buy(1))));
        }

        @Test
        void waiting_counts_on_the_plan_of_the_next_period() {
            given(
                            opened(including(100)),
                            recorded("t1", 100),
                            changedPlan("x1", including(50)).nextPeriod())
                    .when(reserve("r1", 51))
                    .then(rejected(insufficient(51, remaining(0), base(0), overage(0), held(0), shortBy(51))
                            .renewing("Mar 1")
                            .advising(buy(51))))
                    .and(changedPlan("x2", unlimited()).nextPeriod())
                    .when(reserve("r1", 51))
                    .then(rejected(insufficient(51, remaining(0), base(0), overage(0), held(0), shortBy(51))
                            .renewing("Mar 1")
                            .advising(buy(51), waitUntil("Mar 1"))));
        }

        @Test
        void waiting_for_a_soft_plan_is_always_enough() {
            given(opened(including(100)), changedPlan("x1", soft(including(50))).nextPeriod())
                    .when(reserve("r1", 101))
                    .then(rejected(insufficient(101, remaining(100), base(100), overage(0), held(0), shortBy(1))
                            .renewing("Mar 1")
                            .advising(buy(1), waitUntil("Mar 1"))));
        }

        @Test
        void waiting_counts_on_packs_that_are_still_there_by_then() {
            given(opened(including(100)), purchased("p1", 30), recorded("t1", 50))
                    .when(reserve("r1", 130))
                    .then(rejected(insufficient(130, remaining(80), base(50), overage(30), held(0), shortBy(50))
                            .renewing("Mar 1")
                            .advising(buy(50), waitUntil("Mar 1"))));
        }

        @Test
        void waiting_does_not_count_on_packs_that_expire_before() {
            given(opened(including(100)), purchased("p1", 30).expiring("Mar 1"), recorded("t1", 50))
                    .when(reserve("r1", 130))
                    .then(rejected(insufficient(130, remaining(80), base(50), overage(30), held(0), shortBy(50))
                            .renewing("Mar 1")
                            .advising(buy(50))));
        }

        @Test
        void holds_that_end_before_do_not_speak_against_waiting() {
            given(opened(including(100)), on("Feb 28 22:00", reserved("r1", 50)))
                    .when(reserve("r2", 100))
                    .then(rejected(insufficient(100, remaining(50), base(100), overage(0), held(50), shortBy(50))
                            .renewing("Mar 1")
                            .advising(buy(50), waitUntil("Mar 1"), releasing("r1"))));
        }

        @Test
        void holds_that_last_longer_speak_against_waiting() {
            given(opened(including(100)), on("Feb 28 22:00:01", reserved("r1", 50)))
                    .when(reserve("r2", 100))
                    .then(rejected(insufficient(100, remaining(50), base(100), overage(0), held(50), shortBy(50))
                            .renewing("Mar 1")
                            .advising(buy(50), releasing("r1"))));
        }

        @Test
        void the_first_holds_to_expire_are_released_first_and_no_more_than_needed() {
            given(opened(including(60)), reserved("r1", 10), reserved("r2", 20), reserved("r3", 30))
                    .when(reserve("r4", 30))
                    .then(rejected(insufficient(30, remaining(0), base(60), overage(0), held(60), shortBy(30))
                            .renewing("Mar 1")
                            .advising(buy(30), waitUntil("Mar 1"), releasing("r1", "r2"))))
                    .when(reserve("r4", 31))
                    .then(rejected(insufficient(31, remaining(0), base(60), overage(0), held(60), shortBy(31))
                            .renewing("Mar 1")
                            .advising(buy(31), waitUntil("Mar 1"), releasing("r1", "r2", "r3"))));
        }

        @Test
        void releasing_is_no_use_where_all_holds_together_are_too_few() {
            given(opened(including(60)), reserved("r1", 60))
                    .when(reserve("r2", 61))
                    .then(rejected(insufficient(61, remaining(0), base(60), overage(0), held(60), shortBy(61))
                            .renewing("Mar 1")
                            .advising(buy(61))));
        }
    }

    @Nested
    class Expiry {
        @Test
        void a_hold_is_there_until_the_last_second() {
            given(opened(including(100)), on("Feb 3 10:00", reserved("r1", 70)))
                    .when(on("Feb 3 11:59:59", reserve("r2", 30)))
                    .then(eventsOf(MinutesReserved.class), left(held(100)));
        }

        @Test
        void a_hold_is_gone_at_the_instant_it_ends() {
            given(opened(including(100)), on("Feb 3 10:00", reserved("r1", 70)))
                    .when(on("Feb 3 12:00", reserve("r2", 100)))
                    .then(events(
                            new ReservationExpired(at("Feb 3 12:00"), R1, Minutes.of(70), at("Feb 3 12:00")),
                            new MinutesReserved(
                                    at("Feb 3 12:00"),
                                    new ReservationId("r2"),
                                    Minutes.of(100),
                                    Duration.ofHours(2),
                                    at("Feb 3 14:00"),
                                    null)))
                    .then(left(held(100)));
        }

        @Test
        void a_hold_may_outlive_its_period() {
            given(opened(including(100)), on("Feb 28 23:00", reserved("r1", 70)))
                    .when(on("Mar 1", roll()))
                    .then(left(base(100), held(70), remaining(30)));
        }

        @Test
        void holds_need_not_end_in_the_order_in_which_they_began() {
            given(
                            opened(including(100)),
                            on("Feb 3 10:00", reserved("r1", 70)),
                            on("Feb 3 10:30", reserved("r2", 20).lasting(Duration.ofMinutes(30))))
                    .when(on("Feb 3 12:00", roll()))
                    .then(events(
                            new ReservationExpired(
                                    at("Feb 3 12:00"), new ReservationId("r2"), Minutes.of(20), at("Feb 3 11:00")),
                            new ReservationExpired(at("Feb 3 12:00"), R1, Minutes.of(70), at("Feb 3 12:00"))));
        }
    }

    @Test
    void the_same_again_is_a_replay_even_after_the_hold_has_ended() {
        given(opened(including(100)), on("Feb 3", reserved("r1", 70)))
                .when(reserve("r1", 70))
                .then(replayed(), left(held(70)))
                .when(on("Feb 5", reserve("r1", 70)))
                .then(replayed(), left(held(0)))
                .and(recorded("t1", 90))
                .when(reserve("r1", 70))
                .then(replayed(), left(held(0), remaining(10)));
    }

    static Stream<Arguments> otherContents() {
        Reserving same = reserve("r1", 70).by("ann");
        return Stream.of(
                argumentSet(
                        "minutes", reserve("r1", 71).by("ann"), conflict("minutes", Minutes.of(70), Minutes.of(71))),
                argumentSet(
                        "ttl",
                        same.lasting(Duration.ofHours(3)),
                        conflict("ttl", Duration.ofHours(2), Duration.ofHours(3))),
                argumentSet("userId", same.by("bob"), conflict("userId", new UserId("ann"), new UserId("bob"))),
                argumentSet("no userId", reserve("r1", 70), conflict("userId", new UserId("ann"), null)));
    }

    @ParameterizedTest
    @MethodSource("otherContents")
    void other_content_is_a_conflict_that_names_the_field(Reserving other, Rejection conflict) {
        given(opened(including(100)), reserved("r1", 70).by("ann")).when(other).then(rejected(conflict));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.999999999S", "PT24H0.000000001S", "P30D"})
    void a_hold_lasts_from_a_second_to_a_day(Duration ttl) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> given(opened(including(100)), reserved("r1", 1).lasting(ttl)))
                .withMessage("ttl must be from PT1S to PT24H: " + ttl);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT24H"})
    void the_shortest_and_the_longest_hold_are_fine(Duration ttl) {
        given(opened(including(100))).when(reserve("r1", 1).lasting(ttl)).then(accepted());
    }

    @Test
    void it_holds_at_least_one_minute_and_at_most_a_billion() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> given(opened(including(100)), reserved("r1", 0)))
                .withMessage("minutes must be at least 1: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> given(opened(including(100)), reserved("r1", 1_000_000_001)))
                .withMessage("minutes must be at most 1000000000: 1000000001");
    }
}
