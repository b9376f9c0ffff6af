package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.usageledger.organization.Asked.Correcting;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.Rejection.PeriodClosed;
import dev.usageledger.organization.Rejection.TranscriptionNotFound;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CorrectTranscriptionTest {
    private static final TranscriptionId T1 = new TranscriptionId("t1");

    @Nested
    class Raising {
        @Test
        void the_difference_is_charged_like_usage() {
            given(opened(including(100)), purchased("p1", 50), recorded("t1", 60))
                    .when(correct("c1", "t1", 170))
                    .then(charged(base(40), pack("p1", 50), uncovered(20)), gaveBack())
                    .then(left(base(0), overage(0), used(170), uncovered(20)), reached(80, 90, 100));
        }

        @Test
        void a_transcription_that_was_voided_can_cost_again() {
            given(opened(including(100)), recorded("t1", 60), corrected("c1", "t1", 0))
                    .when(correct("c2", "t1", 30))
                    .then(charged(base(30)), left(used(30), base(70)));
        }

        @Test
        void it_spends_what_uploads_hold_since_it_has_happened() {
            given(opened(including(100)), recorded("t1", 10), reserved("r1", 90))
                    .when(correct("c1", "t1", 30))
                    .then(charged(base(20)), left(base(70), held(90), remaining(0)));
        }
    }

    @Nested
    class Lowering {
        @Test
        void it_says_what_was_and_what_is() {
            TranscriptionCorrected corrected = new TranscriptionCorrected(
                    at("Feb 5"),
                    new CorrectionId("c1"),
                    T1,
                    Minutes.of(60),
                    Minutes.of(50),
                    "measured again",
                    0,
                    Charge.NOTHING,
                    new Charge(Minutes.of(10), List.of(), Minutes.ZERO),
                    List.of(),
                    List.of());

            given(opened(including(100)), recorded("t1", 60))
                    .when(on("Feb 5", correct("c1", "t1", 50)))
                    .then(events(corrected), answeredBy(corrected), left(base(50), used(50)));
        }

        @Test
        void uncovered_minutes_go_first() {
            given(opened(including(100)), purchased("p1", 50), recorded("t1", 170))
                    .when(correct("c1", "t1", 155))
                    .then(gaveBack(uncovered(15)), left(used(155), uncovered(5), overage(0), base(0)));
        }

        @Test
        void then_packs_and_base_comes_last() {
            given(opened(including(100)), purchased("p1", 50), recorded("t1", 170))
                    .when(correct("c1", "t1", 70))
                    .then(gaveBack(base(30), pack("p1", 50), uncovered(20)))
                    .then(left(used(70), uncovered(0), overage(50), base(30), remaining(80)));
        }

        @Test
        void overage_comes_back_before_base_whichever_transcription_it_had_paid() {
            given(opened(including(100)), purchased("p1", 50), recorded("t1", 60), recorded("t2", 60))
                    .when(correct("c1", "t1", 45))
                    .then(gaveBack(pack("p1", 15)), left(used(105), overage(45), base(0)));
        }

        @Test
        void the_pack_charged_last_is_given_back_to_first() {
            given(
                            opened(including(0)),
                            purchased("p1", 10),
                            recorded("t1", 6),
                            purchased("p2", 10).expiring("May 1"),
                            recorded("t2", 14))
                    .when(correct("c1", "t2", 1))
                    .then(gaveBack(pack("p1", 4), pack("p2", 9)))
                    .then(left(used(7), pack("p1", 4), pack("p2", 9)));
        }

        @Test
        void a_pack_charged_twice_is_given_back_to_as_often() {
            given(
                            opened(including(0)),
                            purchased("p1", 10),
                            recorded("t1", 4),
                            purchased("p2", 3).expiring("May 1"),
                            recorded("t2", 7))
                    .when(correct("c1", "t2", 0))
                    .then(gaveBack(pack("p1", 4), pack("p2", 3)))
                    .when(correct("c2", "t1", 0))
                    .then(gaveBack(pack("p1", 4)), left(used(0), pack("p1", 10), pack("p2", 3)));
        }

        @Test
        void a_pack_that_was_spent_is_given_back_to_whatever_was_bought_since() {
            given(opened(including(0)), purchased("p1", 10), recorded("t1", 10), purchased("p2", 5))
                    .when(correct("c1", "t1", 4))
                    .then(gaveBack(pack("p1", 6)), left(pack("p1", 6), pack("p2", 5)));
        }

        @Test
        void nothing_voids_it() {
            given(opened(including(100)), recorded("t1", 60))
                    .when(correct("c1", "t1", 0))
                    .then(gaveBack(base(60)), left(used(0), base(100)));
        }

        @Test
        void thresholds_that_were_reached_stay_reached() {
            given(opened(including(100)), recorded("t1", 95))
                    .when(correct("c1", "t1", 50))
                    .then(reached())
                    .when(correct("c2", "t1", 95))
                    .then(reached());
        }
    }

    @Test
    void the_same_cost_again_changes_nothing_but_is_on_record() {
        given(opened(including(100)), recorded("t1", 60))
                .when(correct("c1", "t1", 60))
                .then(eventsOf(TranscriptionCorrected.class), charged(), gaveBack(), left(used(60)));
    }

    @Test
    void each_correction_starts_from_the_one_before() {
        given(opened(including(100)), recorded("t1", 60), recorded("t2", 5), corrected("c1", "t1", 20))
                .and(corrected("c2", "t2", 6))
                .when(correct("c3", "t1", 30))
                .then(charged(base(10)), left(used(36)))
                .when(correct("c4", "t1", 25))
                .then(gaveBack(base(5)), left(used(31)));
    }

    @Nested
    class InThePeriodJustClosed {
        @Test
        void a_higher_cost_is_paid_like_late_usage() {
            given(opened(including(100)), recorded("t1", 60), purchased("p1", 15), on("Mar 1", rolled()))
                    .when(on("Mar 2", correct("c1", "t1", 125)))
                    .then(charged(base(40), pack("p1", 15), uncovered(10)))
                    .then(left(base(100), overage(0), used(0)))
                    .then(closedStatement(base(100), overage(15), uncovered(10)));
        }

        @Test
        void a_lower_cost_gives_lasting_overage_back_and_base_lapses() {
            given(opened(including(100)), purchased("p1", 15), recorded("t1", 115), on("Mar 1", rolled()))
                    .when(on("Mar 2", correct("c1", "t1", 90)))
                    .then(gaveBack(base(10), pack("p1", 15)))
                    .then(left(base(100), overage(15), used(0)), closedStatement(base(90)));
        }

        @Test
        void overage_given_back_first_covers_what_is_uncovered_now() {
            given(opened(including(100)), purchased("p1", 15), recorded("t1", 115), on("Mar 1", recorded("t2", 110)))
                    .when(on("Mar 2", correct("c1", "t1", 100)))
                    .then(gaveBack(pack("p1", 15)), covered(pack("p1", 10)))
                    .then(left(used(110), uncovered(0), overage(5), remaining(5)), closedStatement(base(100)));
        }

        @Test
        void a_pack_that_it_spent_is_given_back_to_whatever_was_bought_since() {
            given(
                            opened(including(0)),
                            purchased("p1", 10),
                            recorded("t1", 10),
                            on("Mar 1", purchased("p2", 5), purchased("p3", 5)))
                    .when(on("Mar 2", correct("c1", "t1", 4)))
                    .then(gaveBack(pack("p1", 6)), left(pack("p1", 6), overage(16)));
        }

        @Test
        void uncovered_minutes_of_its_own_go_before_packs() {
            given(opened(including(100)), purchased("p1", 15), recorded("t1", 120), on("Mar 1", rolled()))
                    .when(on("Mar 2", correct("c1", "t1", 113)))
                    .then(gaveBack(pack("p1", 2), uncovered(5)))
                    .then(left(overage(2)), closedStatement(base(100), overage(13)));
        }

        @Test
        void it_can_be_reached_for_72_hours() {
            given(opened(including(100)), recorded("t1", 60))
                    .when(on("Mar 4", correct("c1", "t1", 50)))
                    .then(eventsOf(BillingPeriodRolled.class, TranscriptionCorrected.class))
                    .then(closedStatement(base(50)));
        }

        @Test
        void then_its_statement_is_final() {
            given(opened(including(100)), recorded("t1", 60))
                    .when(on("Mar 4 00:00:01", correct("c1", "t1", 50)))
                    .then(rejected(new PeriodClosed(T1, new BillingPeriod(0, at("Feb 1"), at("Mar 1")), at("Mar 1"))));
        }

        @Test
        void how_long_is_a_setting() {
            LedgerPolicy anHour = new LedgerPolicy(Duration.ofHours(1), List.of(), Duration.ofMinutes(5));

            given(anHour, opened(including(100)), recorded("t1", 60))
                    .when(on("Mar 1 01:00:01", correct("c1", "t1", 50)))
                    .then(rejected(new PeriodClosed(T1, new BillingPeriod(0, at("Feb 1"), at("Mar 1")), at("Mar 1"))))
                    .when(on("Mar 1 01:00", correct("c1", "t1", 50)))
                    .then(accepted());
        }

        @Test
        void the_one_before_is_final_already() {
            given(opened(including(100)), recorded("t1", 60), on("Mar 1", rolled()))
                    .when(on("Apr 1", correct("c1", "t1", 50)))
                    .then(rejected(new PeriodClosed(T1, new BillingPeriod(0, at("Feb 1"), at("Mar 1")), at("Mar 1"))));
        }

        @Test
        void late_usage_is_corrected_where_it_was_counted() {
            given(
                            opened(including(100)),
                            on("Mar 2", recorded("closed", 60).occurring("Feb 20")),
                            on("Mar 5", recorded("current", 30).occurring("Feb 20")))
                    .when(on("Mar 6", correct("c1", "current", 10)))
                    .then(gaveBack(base(20)), left(used(10)))
                    .when(correct("c2", "closed", 10))
                    .then(rejected(new PeriodClosed(
                            new TranscriptionId("closed"),
                            new BillingPeriod(0, at("Feb 1"), at("Mar 1")),
                            at("Mar 1"))));
        }
    }

    @Nested
    class ExpiredPacks {
        @Test
        void what_goes_back_to_a_pack_that_has_expired_lapses_with_it() {
            given(opened(including(0)), purchased("p1", 10).expiring("Feb 20"), purchased("p2", 10), recorded("t1", 14))
                    .when(on("Feb 20", correct("c1", "t1", 0)))
                    .then(gaveBack(pack("p2", 4), pack("p1", 10)), lapsed(pack("p1", 10)))
                    .then(left(overage(10), pack("p1", 0), pack("p2", 10), used(0), remaining(10)));
        }

        @Test
        void until_the_last_second_it_comes_back() {
            given(opened(including(0)), purchased("p1", 10).expiring("Feb 20"), recorded("t1", 10))
                    .when(on("Feb 19 23:59:59", correct("c1", "t1", 0)))
                    .then(gaveBack(pack("p1", 10)), lapsed(), left(overage(10)));
        }

        @Test
        void a_pack_that_expired_in_part_takes_the_rest_with_it() {
            given(opened(including(0)), purchased("p1", 10).expiring("Feb 20"), recorded("t1", 6))
                    .when(on("Feb 21", correct("c1", "t1", 5)))
                    .then(lapsed(pack("p1", 1)), left(overage(0), used(5)));
        }

        @Test
        void minutes_that_lapse_cover_nothing() {
            given(
                            opened(including(100)),
                            purchased("p1", 10).expiring("Mar 1"),
                            recorded("t1", 110),
                            on("Mar 1", recorded("t2", 105)))
                    .when(on("Mar 2", correct("c1", "t1", 100)))
                    .then(gaveBack(pack("p1", 10)), lapsed(pack("p1", 10)), covered())
                    .then(left(uncovered(5), overage(0)));
        }
    }

    /** Where a corrected history does not come to what it would have come to, had it been right from the start. */
    @Nested
    class WhatCannotBeAsIf {
        @Test
        void an_upload_that_was_refused_stays_refused() {
            given(opened(including(100)), recorded("t1", 90))
                    .when(reserve("r1", 30))
                    .then(rejected(insufficient(30, remaining(10), base(10), overage(0), held(0), shortBy(20))
                            .renewing("Mar 1")
                            .advising(buy(20), waitUntil("Mar 1"))))
                    .when(correct("c1", "t1", 10))
                    .then(left(remaining(90), held(0)));
            given(opened(including(100)), recorded("t1", 10), reserved("r1", 30))
                    .when(roll())
                    .then(left(remaining(60), held(30)));
        }

        @Test
        void a_refund_of_all_that_was_unspent_stays_what_it_came_to() {
            given(opened(including(0)), purchased("p1", 50), recorded("t1", 20), refundedAll("f1", "p1"))
                    .when(correct("c1", "t1", 5))
                    .then(left(overage(15), used(5)));
            given(opened(including(0)), purchased("p1", 50), recorded("t1", 5), refundedAll("f1", "p1"))
                    .when(roll())
                    .then(left(overage(0), used(5)));
        }

        @Test
        void a_smaller_plan_leaves_no_base_for_usage_that_was_not_yet_known() {
            given(opened(including(100)), purchased("p1", 50), recorded("t1", 60), changedPlan("x1", including(50)))
                    .when(correct("c1", "t1", 70))
                    .then(left(overage(40), used(70)));
            given(opened(including(100)), purchased("p1", 50), recorded("t1", 70), changedPlan("x1", including(50)))
                    .when(roll())
                    .then(left(overage(50), used(70)));
        }

        @Test
        void a_bigger_plan_pays_before_packs_that_had_paid_when_there_was_no_other_way() {
            given(
                            opened(including(100)),
                            purchased("p1", 50),
                            recorded("t1", 130),
                            changedPlan("x1", including(200)),
                            recorded("t2", 50),
                            on("Mar 1", corrected("c1", "t2", 40)))
                    .when(roll())
                    .then(left(overage(30)), closedStatement(base(150), overage(20)));
            given(
                            opened(including(100)),
                            purchased("p1", 50),
                            recorded("t1", 130),
                            changedPlan("x1", including(200)),
                            recorded("t2", 40))
                    .when(on("Mar 1", roll()))
                    .then(left(overage(20)), closedStatement(base(140), overage(30)));
        }

        @Test
        void minutes_bought_since_pay_for_a_closed_period_that_would_have_been_left_uncovered() {
            given(opened(including(100)), recorded("t1", 100), on("Mar 1", purchased("p1", 50)))
                    .when(correct("c1", "t1", 120))
                    .then(left(overage(30)), closedStatement(base(100), overage(20)));
            given(opened(including(100)), recorded("t1", 120))
                    .when(on("Mar 1", purchase("p1", 50)))
                    .then(left(overage(50)), closedStatement(base(100), uncovered(20)));
        }

        @Test
        void late_usage_that_gives_minutes_back_gives_back_first_what_its_period_was_left_with_uncovered() {
            given(
                            opened(including(100)),
                            recorded("t1", 120),
                            on("Mar 1", purchased("p1", 50), recorded("t2", 40).occurring("Feb 20")))
                    .when(correct("c1", "t2", 10))
                    .then(gaveBack(pack("p1", 10), uncovered(20)))
                    .then(left(overage(20)), closedStatement(base(100), overage(30)));
            given(
                            opened(including(100)),
                            recorded("t1", 120),
                            on("Mar 1", purchased("p1", 50), recorded("t2", 10).occurring("Feb 20")))
                    .when(roll())
                    .then(left(overage(40)), closedStatement(base(100), overage(10), uncovered(20)));
        }
    }

    @Test
    void what_was_never_recorded_cannot_be_corrected() {
        given(opened(including(100))).when(correct("c1", "t1", 50)).then(rejected(new TranscriptionNotFound(T1)));
    }

    @Test
    void the_same_again_is_a_replay_even_after_another_correction() {
        given(opened(including(100)), recorded("t1", 60), corrected("c1", "t1", 50), corrected("c2", "t1", 40))
                .when(on("Apr 20", correct("c1", "t1", 50)))
                .then(replayed())
                .when(roll())
                .then(left(used(0)));
    }

    static Stream<Arguments> otherContents() {
        return Stream.of(
                argumentSet(
                        "transcriptionId",
                        correct("c1", "t2", 50),
                        conflict("transcriptionId", T1, new TranscriptionId("t2"))),
                argumentSet("minutes", correct("c1", "t1", 51), conflict("minutes", Minutes.of(50), Minutes.of(51))),
                argumentSet(
                        "reason",
                        correct("c1", "t1", 50).because("goodwill"),
                        conflict("reason", "measured again", "goodwill")));
    }

    @ParameterizedTest
    @MethodSource("otherContents")
    void other_content_is_a_conflict_that_names_the_field(Correcting other, Rejection conflict) {
        given(opened(including(100)), recorded("t1", 60), corrected("c1", "t1", 50))
                .when(other)
                .then(rejected(conflict));
    }

    @Test
    void it_needs_a_reason_of_at_most_500_characters() {
        given(opened(including(100)), recorded("t1", 60))
                .when(correct("c1", "t1", 50).because("x".repeat(500)))
                .then(accepted());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> correct("c1", "t1", 50).because(" ").receivedAt(at("Feb 1")))
                .withMessage("reason must be 1 to 500 characters");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> correct("c1", "t1", 50).because("x".repeat(501)).receivedAt(at("Feb 1")))
                .withMessage("reason must be 1 to 500 characters");
    }

    @Test
    void a_cost_is_at_most_a_billion_minutes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> correct("c1", "t1", 1_000_000_001).receivedAt(at("Feb 1")))
                .withMessage("minutes must be at most 1000000000: 1000000001");
    }
}
