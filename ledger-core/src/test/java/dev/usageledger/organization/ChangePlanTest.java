package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.usageledger.organization.Asked.Changing;
import dev.usageledger.organization.Balance.Status;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.PlanChangeScheduled;
import dev.usageledger.organization.OrganizationEvent.PlanChanged;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChangePlanTest {
    private static final PlanChangeId X1 = new PlanChangeId("x1");

    @Nested
    class Now {
        @Test
        void a_bigger_plan_adds_to_what_is_left_of_base() {
            PlanChanged changed = new PlanChanged(at("Feb 9"), X1, including(200), Minutes.ZERO, List.of());

            given(opened(including(100)), recorded("t1", 60))
                    .when(on("Feb 9", changePlan("x1", including(200))))
                    .then(events(changed), answeredBy(changed))
                    .then(left(base(140), used(60), capacity(200)));
        }

        @Test
        void base_already_spent_stays_spent_where_the_new_plan_includes_less() {
            given(opened(including(100)), recorded("t1", 60), purchased("p1", 10))
                    .when(changePlan("x1", including(50)))
                    .then(left(base(0), overage(10), remaining(10), used(60), uncovered(0), capacity(70)));
        }

        @Test
        void a_smaller_plan_leaves_what_it_includes_and_was_not_spent() {
            given(opened(including(100)), recorded("t1", 60))
                    .when(changePlan("x1", including(70)))
                    .then(left(base(10), used(60), capacity(70)));
        }

        @Test
        void usage_after_a_plan_below_what_was_spent_goes_to_packs() {
            given(opened(including(100)), recorded("t1", 60), purchased("p1", 10), changedPlan("x1", including(50)))
                    .when(record("t2", 15))
                    .then(charged(pack("p1", 10), uncovered(5)), left(base(0), used(75)));
        }

        @Test
        void a_bigger_plan_first_covers_what_is_uncovered() {
            given(opened(including(100)), recorded("t1", 130))
                    .when(changePlan("x1", including(150)))
                    .then(events(new PlanChanged(at("Feb 1"), X1, including(150), Minutes.of(30), List.of(90, 100))))
                    .then(left(base(20), used(130), uncovered(0), capacity(150)));
        }

        @Test
        void a_plan_that_is_not_big_enough_covers_a_part() {
            given(opened(including(100)), recorded("t1", 130))
                    .when(changePlan("x1", including(110)))
                    .then(events(new PlanChanged(at("Feb 1"), X1, including(110), Minutes.of(10), List.of())))
                    .then(left(base(0), used(130), uncovered(20), capacity(110)));
        }

        @Test
        void a_bigger_plan_does_not_buy_back_what_packs_have_paid() {
            given(opened(including(100)), purchased("p1", 50), recorded("t1", 130))
                    .when(changePlan("x1", including(200)))
                    .then(left(base(100), pack("p1", 20), used(130), capacity(250)));
        }

        @Test
        void an_unlimited_plan_covers_everything() {
            given(opened(including(100)), recorded("t1", 130))
                    .when(changePlan("x1", unlimited()))
                    .then(left(no(base(0)), no(remaining(0)), no(capacity(0)), used(130), uncovered(0)))
                    .then(status(Status.UNLIMITED));
        }

        @Test
        void what_an_unlimited_plan_paid_stays_spent_under_a_limited_one() {
            given(opened(unlimited()), recorded("t1", 130), purchased("p1", 5))
                    .when(changePlan("x1", including(100)))
                    .then(left(base(0), overage(5), remaining(5), used(130), uncovered(0), capacity(135)));
        }

        @Test
        void holds_stay_and_may_come_to_more_than_there_is() {
            given(opened(including(100)), reserved("r1", 90))
                    .when(changePlan("x1", including(50)))
                    .then(left(base(50), held(90), remaining(0), capacity(50)));
        }

        @Test
        void it_can_make_a_soft_plan_hard() {
            given(opened(soft(including(100))), recorded("t1", 100), changedPlan("x1", including(100)))
                    .when(reserve("r1", 1))
                    .then(rejected(insufficient(1, remaining(0), base(0), overage(0), held(0), shortBy(1))
                            .renewing("Mar 1")
                            .advising(buy(1), waitUntil("Mar 1"))));
        }

        @Test
        void thresholds_that_the_bigger_plan_brings_out_of_reach_can_be_reached_again() {
            given(opened(including(100)), recorded("t1", 95))
                    .when(changePlan("x1", including(110)))
                    .then(events(new PlanChanged(at("Feb 1"), X1, including(110), Minutes.ZERO, List.of(90))))
                    .when(record("t2", 5))
                    .then(reached(90));
        }

        @Test
        void a_smaller_plan_can_reach_thresholds() {
            given(opened(including(100)), recorded("t1", 45))
                    .when(changePlan("x1", including(50)))
                    .then(reached(80, 90));
        }

        @Test
        void what_is_due_comes_first_so_it_changes_the_period_that_is_running() {
            given(opened(including(100)), recorded("t1", 130))
                    .when(on("Mar 2", changePlan("x1", including(150))))
                    .then(eventsOf(BillingPeriodRolled.class, PlanChanged.class))
                    .then(left(base(150), used(0)), closedStatement(base(100), uncovered(30)));
        }
    }

    @Nested
    class AtTheNextRoll {
        @Test
        void it_waits_until_the_period_ends() {
            PlanChangeScheduled scheduled = new PlanChangeScheduled(at("Feb 9"), X1, including(200), at("Mar 1"));

            given(opened(including(100)), recorded("t1", 60))
                    .when(on("Feb 9", changePlan("x1", including(200)).nextPeriod()))
                    .then(events(scheduled), answeredBy(scheduled), left(base(40)))
                    .when(on("Feb 28 23:59:59", roll()))
                    .then(noEvents(), left(base(40)))
                    .when(on("Mar 1", roll()))
                    .then(left(base(200)));
        }

        @Test
        void it_comes_into_force_at_the_first_of_several_rolls() {
            given(opened(including(100)), changedPlan("x1", including(50)).nextPeriod())
                    .when(on("Apr 2", roll()))
                    .then(events(
                            new BillingPeriodRolled(
                                    at("Apr 2"),
                                    new BillingPeriod(0, at("Feb 1"), at("Mar 1")),
                                    new BillingPeriod(1, at("Mar 1"), at("Apr 1")),
                                    including(50),
                                    Minutes.of(100)),
                            new BillingPeriodRolled(
                                    at("Apr 2"),
                                    new BillingPeriod(1, at("Mar 1"), at("Apr 1")),
                                    new BillingPeriod(2, at("Apr 1"), at("May 1")),
                                    including(50),
                                    Minutes.of(50))));
        }

        @Test
        void a_later_one_replaces_it() {
            given(
                            opened(including(100)),
                            changedPlan("x1", including(200)).nextPeriod(),
                            changedPlan("x2", including(300)).nextPeriod())
                    .when(on("Mar 1", roll()))
                    .then(left(base(300)));
        }

        @Test
        void a_change_that_acts_at_once_replaces_it_too() {
            given(
                            opened(including(100)),
                            changedPlan("x1", including(200)).nextPeriod(),
                            changedPlan("x2", including(300)))
                    .when(roll())
                    .then(left(base(300)))
                    .when(on("Mar 1", roll()))
                    .then(left(base(300)));
        }

        @Test
        void it_can_follow_one_that_acts_at_once() {
            given(
                            opened(including(100)),
                            changedPlan("x1", including(200)),
                            changedPlan("x2", including(50)).nextPeriod())
                    .when(roll())
                    .then(left(base(200)))
                    .when(on("Mar 1", roll()))
                    .then(left(base(50)));
        }

        @Test
        void sent_again_after_it_was_replaced_it_changes_nothing() {
            given(
                            opened(including(100)),
                            changedPlan("x1", including(200)).nextPeriod(),
                            changedPlan("x2", including(300)).nextPeriod())
                    .when(changePlan("x1", including(200)).nextPeriod())
                    .then(replayed())
                    .when(on("Mar 1", roll()))
                    .then(left(base(300)));
        }
    }

    @Test
    void the_same_again_is_a_replay() {
        given(opened(including(100)), changedPlan("x1", including(200)), recorded("t1", 60))
                .when(on("Mar 3", changePlan("x1", including(200))))
                .then(replayed(), left(base(200)));
    }

    static Stream<Arguments> otherContents() {
        return Stream.of(
                argumentSet(
                        "plan.code",
                        changePlan("x1", new Plan("solo", Minutes.of(200), Plan.Limit.HARD)),
                        conflict("plan.code", "team", "solo")),
                argumentSet(
                        "plan.includedMinutes",
                        changePlan("x1", new Plan("team", null, Plan.Limit.HARD)),
                        conflict("plan.includedMinutes", Minutes.of(200), null)),
                argumentSet(
                        "plan.limit",
                        changePlan("x1", soft(including(200))),
                        conflict("plan.limit", Plan.Limit.HARD, Plan.Limit.SOFT)),
                argumentSet(
                        "effective",
                        changePlan("x1", including(200)).nextPeriod(),
                        conflict("effective", Effective.NOW, Effective.NEXT_PERIOD)));
    }

    @ParameterizedTest
    @MethodSource("otherContents")
    void other_content_is_a_conflict_that_names_the_field(Changing other, Rejection conflict) {
        given(opened(including(100)), changedPlan("x1", including(200)))
                .when(other)
                .then(rejected(conflict));
    }

    @Test
    void a_change_that_waits_is_not_the_same_as_one_that_acts_at_once() {
        given(opened(including(100)), changedPlan("x1", including(200)).nextPeriod())
                .when(changePlan("x1", including(200)))
                .then(rejected(conflict("effective", Effective.NEXT_PERIOD, Effective.NOW)));
    }
}
