package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.usageledger.organization.Asked.Recording;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.OveragePackExpired;
import dev.usageledger.organization.OrganizationEvent.OveragePurchased;
import dev.usageledger.organization.OrganizationEvent.ReservationExpired;
import dev.usageledger.organization.OrganizationEvent.ReservationSettled;
import dev.usageledger.organization.OrganizationEvent.ThresholdReached;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Settlement;
import dev.usageledger.organization.Rejection.AmountTooLarge;
import dev.usageledger.organization.Rejection.OccurredInTheFuture;
import dev.usageledger.organization.Rejection.ReservationNotFound;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecordTranscriptionTest {
    private static final TranscriptionId T1 = new TranscriptionId("t1");
    private static final ReservationId R1 = new ReservationId("r1");

    @Nested
    class Charging {
        @Test
        void base_pays_first() {
            TranscriptionRecorded recorded = new TranscriptionRecorded(
                    at("Feb 3 10:00"),
                    T1,
                    Minutes.of(60),
                    null,
                    at("Feb 3 10:00"),
                    false,
                    null,
                    null,
                    Counted.CURRENT_PERIOD,
                    0,
                    new Charge(Minutes.of(60), List.of(), Minutes.ZERO));

            given(opened(including(100)), purchased("p1", 50))
                    .when(on("Feb 3 10:00", record("t1", 60)))
                    .then(events(recorded), answeredBy(recorded))
                    .then(left(base(40), overage(50), remaining(90), used(60), uncovered(0), capacity(150)));
        }

        @Test
        void packs_pay_what_base_does_not() {
            given(opened(including(100)), purchased("p1", 50))
                    .when(record("t1", 120))
                    .then(charged(base(100), pack("p1", 20)))
                    .then(left(base(0), overage(30), remaining(30), used(120), uncovered(0), capacity(150)));
        }

        @Test
        void base_can_be_spent_to_the_last_minute() {
            given(opened(including(100)), purchased("p1", 50))
                    .when(record("t1", 100))
                    .then(charged(base(100)));
        }

        @Test
        void what_nothing_pays_is_uncovered_and_counted_all_the_same() {
            given(opened(including(100)), purchased("p1", 50))
                    .when(record("t1", 170))
                    .then(charged(base(100), pack("p1", 50), uncovered(20)))
                    .then(left(base(0), overage(0), remaining(0), used(170), uncovered(20), capacity(150)));
        }

        @Test
        void the_pack_that_expires_first_pays_first_and_one_that_never_does_pays_last() {
            given(
                            opened(including(0)),
                            purchased("never", 10),
                            purchased("june", 10).expiring("Jun 1"),
                            purchased("may", 10).expiring("May 1"))
                    .when(record("t1", 25))
                    .then(charged(pack("may", 10), pack("june", 10), pack("never", 5)));
        }

        @Test
        void packs_that_expire_together_pay_in_the_order_of_purchase() {
            given(
                            opened(including(0)),
                            purchased("z-first", 10).expiring("May 1"),
                            purchased("a-second", 10).expiring("May 1"),
                            purchased("z-third", 10),
                            purchased("a-fourth", 10))
                    .when(record("t1", 35))
                    .then(charged(pack("z-first", 10), pack("a-second", 10), pack("z-third", 10), pack("a-fourth", 5)));
        }

        @Test
        void a_pack_pays_until_the_last_second() {
            given(opened(including(0)), purchased("p1", 10).expiring("Feb 20"))
                    .when(on("Feb 19 23:59:59", record("t1", 5)))
                    .then(charged(pack("p1", 5)));
        }

        @Test
        void a_pack_that_expires_at_this_instant_pays_nothing() {
            given(opened(including(0)), purchased("p1", 10).expiring("Feb 20"))
                    .when(on("Feb 20", record("t1", 5)))
                    .then(eventsOf(
                            OveragePackExpired.class,
                            TranscriptionRecorded.class,
                            ThresholdReached.class,
                            ThresholdReached.class,
                            ThresholdReached.class))
                    .then(charged(uncovered(5)));
        }

        @Test
        void usage_spends_what_uploads_hold_since_it_has_happened() {
            given(opened(including(100)), reserved("r1", 70))
                    .when(record("t1", 60))
                    .then(charged(base(60)), left(base(40), held(70), remaining(0)));
        }

        @Test
        void a_soft_plan_charges_in_the_same_order() {
            given(opened(soft(including(100))), purchased("p1", 50))
                    .when(record("t1", 170))
                    .then(charged(base(100), pack("p1", 50), uncovered(20)));
        }

        @Test
        void the_base_of_an_unlimited_plan_pays_everything() {
            given(opened(unlimited()), purchased("p1", 50))
                    .when(record("t1", 1_000_000_000))
                    .then(charged(base(1_000_000_000)), reached(), left(overage(50), used(1_000_000_000)));
        }

        @Test
        void nothing_costs_nothing() {
            given(opened(including(100))).when(record("t1", 0)).then(charged(), left(used(0), base(100)));
        }

        @Test
        void who_used_it_is_kept() {
            given(opened(including(100)))
                    .when(record("t1", 1).by("ann").occurring("Jan 31 10:00"))
                    .then(events(new TranscriptionRecorded(
                            at("Feb 1"),
                            T1,
                            Minutes.of(1),
                            null,
                            at("Jan 31 10:00"),
                            true,
                            new UserId("ann"),
                            null,
                            Counted.LATE_IN_CURRENT_PERIOD,
                            0,
                            new Charge(Minutes.of(1), List.of(), Minutes.ZERO))));
        }

        @ParameterizedTest
        @CsvSource({"0, 0", "1, 1", "59, 1", "60, 1", "61, 2", "3600, 60", "3601, 61", "60000000000, 1000000000"})
        void every_minute_begun_counts(long seconds, long minutes) {
            given(opened(unlimited()))
                    .when(recordSeconds("t1", seconds))
                    .then(events(new TranscriptionRecorded(
                            at("Feb 1"),
                            T1,
                            Minutes.of(minutes),
                            seconds,
                            at("Feb 1"),
                            false,
                            null,
                            null,
                            Counted.CURRENT_PERIOD,
                            0,
                            new Charge(Minutes.of(minutes), List.of(), Minutes.ZERO))));
        }

        @Test
        void an_amount_that_no_longer_fits_64_bits_is_refused_and_nothing_changes() {
            OveragePurchased most = new OveragePurchased(
                    at("Feb 1"),
                    new PurchaseId("p1"),
                    Minutes.of(Long.MAX_VALUE - 100),
                    null,
                    null,
                    Minutes.ZERO,
                    List.of());

            given(opened(including(100)), happened(most))
                    .when(purchase("p2", 1))
                    .then(rejected(new AmountTooLarge()))
                    .when(record("t1", 100))
                    .then(charged(base(100)));
        }
    }

    @Nested
    class SettlingHolds {
        @Test
        void usage_settles_the_hold_it_names() {
            given(opened(including(100)), on("Feb 3 10:00", reserved("r1", 70)))
                    .when(on("Feb 3 10:30", record("t1", 55).settling("r1")))
                    .then(events(
                            new TranscriptionRecorded(
                                    at("Feb 3 10:30"),
                                    T1,
                                    Minutes.of(55),
                                    null,
                                    at("Feb 3 10:30"),
                                    false,
                                    null,
                                    new Settlement(R1, Settlement.Outcome.SETTLED),
                                    Counted.CURRENT_PERIOD,
                                    0,
                                    new Charge(Minutes.of(55), List.of(), Minutes.ZERO)),
                            new ReservationSettled(at("Feb 3 10:30"), R1, Minutes.of(70), T1)))
                    .then(left(base(45), held(0), remaining(45), used(55)));
        }

        @Test
        void a_hold_is_settled_whatever_its_size() {
            given(opened(including(100)), reserved("r1", 10), reserved("r2", 20))
                    .when(record("t1", 95).settling("r1"))
                    .then(settled("r1", Settlement.Outcome.SETTLED))
                    .then(charged(base(95)), left(held(20), base(5), remaining(0)));
        }

        @Test
        void an_upload_of_nothing_still_settles() {
            given(opened(including(100)), reserved("r1", 10))
                    .when(record("t1", 0).settling("r1"))
                    .then(eventsOf(TranscriptionRecorded.class, ReservationSettled.class), left(held(0)));
        }

        @Test
        void thresholds_come_after_the_hold_is_settled() {
            given(opened(including(100)), reserved("r1", 90))
                    .when(record("t1", 85).settling("r1"))
                    .then(eventsOf(TranscriptionRecorded.class, ReservationSettled.class, ThresholdReached.class));
        }

        @Test
        void a_hold_settled_before_does_not_stop_the_usage() {
            given(opened(including(100)), reserved("r1", 70), recorded("t1", 5).settling("r1"))
                    .when(record("t2", 6).settling("r1"))
                    .then(eventsOf(TranscriptionRecorded.class))
                    .then(settled("r1", Settlement.Outcome.ALREADY_SETTLED), left(used(11)));
        }

        @Test
        void a_hold_released_before_does_not_stop_the_usage() {
            given(opened(including(100)), reserved("r1", 70), released("r1"))
                    .when(record("t1", 6).settling("r1"))
                    .then(eventsOf(TranscriptionRecorded.class))
                    .then(settled("r1", Settlement.Outcome.ALREADY_RELEASED), left(used(6)));
        }

        @Test
        void a_hold_expired_before_does_not_stop_the_usage() {
            given(opened(including(100)), reserved("r1", 70), on("Feb 2", rolled()))
                    .when(record("t1", 6).settling("r1"))
                    .then(eventsOf(TranscriptionRecorded.class))
                    .then(settled("r1", Settlement.Outcome.ALREADY_EXPIRED), left(used(6)));
        }

        @Test
        void a_hold_that_expires_at_this_instant_has_expired() {
            given(opened(including(100)), on("Feb 3 10:00", reserved("r1", 70)))
                    .when(on("Feb 3 12:00", record("t1", 6).settling("r1")))
                    .then(eventsOf(ReservationExpired.class, TranscriptionRecorded.class))
                    .then(settled("r1", Settlement.Outcome.ALREADY_EXPIRED));
        }

        @Test
        void a_hold_can_be_settled_until_the_last_second() {
            given(opened(including(100)), on("Feb 3 10:00", reserved("r1", 70)))
                    .when(on("Feb 3 11:59:59", record("t1", 6).settling("r1")))
                    .then(settled("r1", Settlement.Outcome.SETTLED));
        }

        @Test
        void a_hold_that_never_was_stops_it_and_nothing_is_recorded() {
            given(opened(including(100)))
                    .when(record("t1", 6).settling("r1"))
                    .then(rejected(new ReservationNotFound(R1)), left(used(0)))
                    .when(record("t1", 6))
                    .then(accepted());
        }
    }

    /** {@code onInsufficient: reject}. */
    @Nested
    class OnlyIfThereIsEnough {
        @Test
        void it_takes_what_remains_to_the_last_minute() {
            given(opened(including(100)), purchased("p1", 50), reserved("r1", 70))
                    .when(record("t1", 80).orReject())
                    .then(charged(base(80)), left(remaining(0)));
        }

        @Test
        void it_is_refused_what_does_not_remain() {
            given(opened(including(100)), purchased("p1", 50), reserved("r1", 70))
                    .when(record("t1", 81).orReject())
                    .then(rejected(insufficient(81, remaining(80), base(100), overage(50), held(70), shortBy(1))
                            .renewing("Mar 1")
                            .advising(buy(1), waitUntil("Mar 1"), releasing("r1"))))
                    .then(left(used(0)));
        }

        @Test
        void the_hold_it_names_is_its_own_to_spend() {
            given(opened(including(100)), reserved("r1", 70), reserved("r2", 20))
                    .when(record("t1", 80).settling("r1").orReject())
                    .then(charged(base(80)), left(held(20), remaining(0)));
        }

        @Test
        void what_others_hold_is_not() {
            given(opened(including(100)), reserved("r1", 70), reserved("r2", 20))
                    .when(record("t1", 81).settling("r1").orReject())
                    .then(rejected(insufficient(81, remaining(80), base(100), overage(0), held(20), shortBy(1))
                            .renewing("Mar 1")
                            .advising(buy(1), waitUntil("Mar 1"), releasing("r2"))))
                    .then(left(held(90)));
        }

        @Test
        void a_hold_that_has_ended_gives_it_nothing() {
            given(opened(including(100)), reserved("r1", 70), released("r1"), reserved("r2", 90))
                    .when(record("t1", 11).settling("r1").orReject())
                    .then(rejected(insufficient(11, remaining(10), base(100), overage(0), held(90), shortBy(1))
                            .renewing("Mar 1")
                            .advising(buy(1), waitUntil("Mar 1"), releasing("r2"))));
        }

        @Test
        void a_soft_plan_counts_and_carries_on() {
            given(opened(soft(including(100))))
                    .when(record("t1", 101).orReject())
                    .then(charged(base(100), uncovered(1)));
        }

        @Test
        void an_unlimited_plan_has_enough() {
            given(opened(unlimited()))
                    .when(record("t1", 1_000_000_000).orReject())
                    .then(accepted());
        }

        @Test
        void nothing_can_always_be_recorded() {
            given(opened(including(100)), recorded("t1", 130))
                    .when(record("t2", 0).orReject())
                    .then(accepted());
        }

        @Test
        void usage_that_said_when_it_occurred_will_not_be_paid_by_the_next_period() {
            given(opened(including(100)), recorded("t1", 95))
                    .when(on(
                            "Feb 28 23:00",
                            record("t2", 6).occurring("Feb 28 22:00").orReject()))
                    .then(rejected(insufficient(6, remaining(5), base(5), overage(0), held(0), shortBy(1))
                            .renewing("Mar 1")
                            .advising(buy(1))))
                    .when(on("Mar 1", record("t2", 6).occurring("Feb 28 22:00").orReject()))
                    .then(rejected(insufficient(6, remaining(5), base(5), overage(0), held(0), shortBy(1))
                            .renewing("Apr 1")
                            .advising(buy(1), waitUntil("Apr 1"))));
        }

        @Test
        void usage_of_a_period_too_old_can_wait_since_it_counts_where_it_arrives() {
            given(opened(including(100)), recorded("t1", 95))
                    .when(record("t2", 6).occurring("Jan 3").orReject())
                    .then(rejected(insufficient(6, remaining(5), base(5), overage(0), held(0), shortBy(1))
                            .renewing("Mar 1")
                            .advising(buy(1), waitUntil("Mar 1"))));
        }
    }

    /** {@code onInsufficient: reject} for usage that belongs to the period just closed. */
    @Nested
    class LateButOnlyIfThereIsEnough {
        @Test
        void the_base_that_its_own_period_left_pays_first() {
            given(opened(including(100)), recorded("t1", 60), purchased("p1", 10), on("Mar 2", reserved("r1", 100)))
                    .when(record("t2", 50).occurring("Feb 20").orReject())
                    .then(charged(base(40), pack("p1", 10)));
        }

        @Test
        void the_base_of_the_running_period_is_not_for_it() {
            given(opened(including(100)), recorded("t1", 60), purchased("p1", 10), on("Mar 2", rolled()))
                    .when(record("t2", 51).occurring("Feb 20").orReject())
                    .then(rejected(insufficient(51, remaining(50), base(40), overage(10), held(0), shortBy(1))
                            .renewing("Apr 1")
                            .advising(buy(1), waitUntil("Apr 1"))));
        }

        @Test
        void packs_that_holds_need_are_not_for_it() {
            given(opened(including(100)), recorded("t1", 100), purchased("p1", 30), on("Mar 2", reserved("r1", 120)))
                    .when(record("t2", 11).occurring("Feb 20").orReject())
                    .then(rejected(insufficient(11, remaining(10), base(0), overage(30), held(120), shortBy(1))
                            .renewing("Apr 1")
                            .advising(buy(1), waitUntil("Apr 1"), releasing("r1"))))
                    .when(record("t2", 10).occurring("Feb 20").orReject())
                    .then(charged(pack("p1", 10)));
        }

        @Test
        void releasing_is_no_use_where_packs_are_too_few() {
            given(opened(including(100)), recorded("t1", 100), purchased("p1", 30), on("Mar 2", reserved("r1", 120)))
                    .when(record("t2", 31).occurring("Feb 20").orReject())
                    .then(rejected(insufficient(31, remaining(10), base(0), overage(30), held(120), shortBy(21))
                            .renewing("Apr 1")
                            .advising(buy(21), waitUntil("Apr 1"))));
        }

        @Test
        void buying_has_to_cover_first_what_the_running_period_left_uncovered() {
            given(opened(including(100)), recorded("t1", 100), on("Mar 2", recorded("t2", 105)))
                    .when(record("t3", 7).occurring("Feb 20").orReject())
                    .then(rejected(insufficient(7, remaining(0), base(0), overage(0), held(0), shortBy(7))
                            .renewing("Apr 1")
                            .advising(buy(12), waitUntil("Apr 1"))));
        }

        @Test
        void an_unlimited_plan_since_does_not_pay_for_a_limited_period() {
            given(
                            opened(including(100)),
                            recorded("t1", 100),
                            purchased("p1", 10),
                            changedPlan("x1", unlimited()).nextPeriod(),
                            on("Mar 2", reserved("r1", 500)))
                    .when(record("t2", 11).occurring("Feb 20").orReject())
                    .then(rejected(insufficient(11, remaining(10), base(0), overage(10), held(500), shortBy(1))
                            .renewing("Apr 1")
                            .advising(buy(1), waitUntil("Apr 1"))))
                    .when(record("t2", 10).occurring("Feb 20").orReject())
                    .then(charged(pack("p1", 10)));
        }

        @Test
        void an_unlimited_period_pays_under_a_limited_plan_since() {
            given(opened(unlimited()), changedPlan("x1", including(10)).nextPeriod(), on("Mar 2", recorded("t1", 10)))
                    .when(record("t2", 500).occurring("Feb 20").orReject())
                    .then(charged(base(500)));
        }
    }

    @Nested
    class LateUsage {
        @Test
        void it_spends_what_its_own_period_left_of_base_and_then_packs() {
            given(opened(including(100)), recorded("t1", 60), purchased("p1", 15), on("Mar 1", rolled()))
                    .when(on("Mar 2", record("t2", 65).occurring("Feb 28 23:59:59")))
                    .then(counted(Counted.CLOSED_PERIOD, 0))
                    .then(charged(base(40), pack("p1", 15), uncovered(10)))
                    .then(left(base(100), overage(0), used(0), uncovered(0)))
                    .then(closedStatement(base(100), overage(15), uncovered(10)));
        }

        @Test
        void usage_at_the_first_instant_of_a_period_belongs_to_it() {
            given(opened(including(100)))
                    .when(on("Mar 1", record("t1", 5).occurring("Mar 1")))
                    .then(counted(Counted.CURRENT_PERIOD, 1), left(used(5)));
        }

        @Test
        void the_period_just_closed_can_be_reached_for_72_hours() {
            given(opened(including(100)))
                    .when(on("Mar 4", record("t1", 5).occurring("Feb 28")))
                    .then(counted(Counted.CLOSED_PERIOD, 0), left(used(0)));
        }

        @Test
        void then_it_counts_in_the_current_period_and_is_marked_late() {
            given(opened(including(100)))
                    .when(on("Mar 4 00:00:01", record("t1", 5).occurring("Feb 28")))
                    .then(counted(Counted.LATE_IN_CURRENT_PERIOD, 1), left(used(5)));
        }

        @Test
        void how_long_a_closed_period_can_be_reached_is_a_setting() {
            LedgerPolicy anHour = new LedgerPolicy(Duration.ofHours(1), List.of(80, 90, 100), Duration.ofMinutes(5));

            given(anHour, opened(including(100)))
                    .when(on("Mar 1 01:00", record("t1", 5).occurring("Feb 28")))
                    .then(counted(Counted.CLOSED_PERIOD, 0))
                    .when(on("Mar 1 01:00:01", record("t2", 5).occurring("Feb 28")))
                    .then(counted(Counted.LATE_IN_CURRENT_PERIOD, 1));
        }

        @Test
        void usage_older_than_the_period_just_closed_counts_in_the_current_one() {
            given(opened(including(100)), on("Mar 1", rolled()))
                    .when(on("Apr 2", record("t1", 5).occurring("Feb 28 23:59:59")))
                    .then(counted(Counted.LATE_IN_CURRENT_PERIOD, 2))
                    .when(on("Apr 2", record("t2", 5).occurring("Mar 1")))
                    .then(counted(Counted.CLOSED_PERIOD, 1));
        }

        @Test
        void usage_from_before_the_ledger_was_opened_counts_in_the_current_period() {
            given(opened(including(100)))
                    .when(record("t1", 5).occurring("Jan 31"))
                    .then(counted(Counted.LATE_IN_CURRENT_PERIOD, 0), left(used(5)));
        }

        @Test
        void a_period_closed_while_nobody_looked_can_be_reached_all_the_same() {
            given(opened(including(100)), recorded("t1", 60))
                    .when(on("Mar 2", record("t2", 65).occurring("Feb 28")))
                    .then(eventsOf(BillingPeriodRolled.class, TranscriptionRecorded.class))
                    .then(counted(Counted.CLOSED_PERIOD, 0), charged(base(40), uncovered(25)));
        }

        @Test
        void what_its_own_period_included_counts_and_not_what_a_later_plan_does() {
            given(
                            opened(including(100)),
                            recorded("t1", 60),
                            changedPlan("x1", including(1000)).nextPeriod())
                    .when(on("Mar 2", record("t2", 65).occurring("Feb 28")))
                    .then(charged(base(40), uncovered(25)), left(base(1000)));
        }

        @Test
        void late_usage_can_settle_a_hold() {
            given(opened(including(100)), on("Feb 28 23:00", reserved("r1", 70)))
                    .when(on(
                            "Mar 1 00:30",
                            record("t1", 65).occurring("Feb 28 23:30").settling("r1")))
                    .then(settled("r1", Settlement.Outcome.SETTLED), counted(Counted.CLOSED_PERIOD, 0))
                    .then(left(base(100), held(0), used(0)), closedStatement(base(65)));
        }

        @Test
        void packs_it_takes_from_the_current_period_can_reach_thresholds_there() {
            given(opened(including(100)), recorded("t1", 100), purchased("p1", 100), on("Mar 2", recorded("t2", 85)))
                    .when(record("t3", 100).occurring("Feb 20"))
                    .then(charged(pack("p1", 100)), reached(80), left(used(85), capacity(100)));
        }

        @Test
        void clocks_may_differ_by_five_minutes() {
            given(opened(including(100)))
                    .when(on("Feb 3 10:00", record("t1", 5).occurring("Feb 3 10:05")))
                    .then(counted(Counted.CURRENT_PERIOD, 0));
        }

        @Test
        void usage_further_in_the_future_is_refused() {
            given(opened(including(100)))
                    .when(on("Feb 3 10:00", record("t1", 5).occurring("Feb 3 10:05:01")))
                    .then(rejected(
                            new OccurredInTheFuture(at("Feb 3 10:05:01"), at("Feb 3 10:00"), Duration.ofMinutes(5))));
        }

        @Test
        void how_much_clocks_may_differ_is_a_setting() {
            LedgerPolicy aSecond = new LedgerPolicy(Duration.ofHours(72), List.of(80), Duration.ofSeconds(1));

            given(aSecond, opened(including(100)))
                    .when(on("Feb 3 10:00", record("t1", 5).occurring("Feb 3 10:00:02")))
                    .then(rejected(
                            new OccurredInTheFuture(at("Feb 3 10:00:02"), at("Feb 3 10:00"), Duration.ofSeconds(1))));
        }

        @Test
        void a_clock_ahead_does_not_open_the_next_period() {
            given(opened(including(100)))
                    .when(on("Feb 28 23:58", record("t1", 5).occurring("Mar 1 00:01")))
                    .then(counted(Counted.CURRENT_PERIOD, 0), left(used(5)));
        }
    }

    @Nested
    class Thresholds {
        @Test
        void a_threshold_is_announced_when_it_is_reached() {
            given(opened(including(100)), recorded("t1", 79))
                    .when(record("t2", 1))
                    .then(reached(80))
                    .then(eventsOf(TranscriptionRecorded.class, ThresholdReached.class));
        }

        @Test
        void it_says_how_much_was_used_of_how_much() {
            given(opened(including(100)), purchased("p1", 50), recorded("t1", 119))
                    .when(on("Feb 4", record("t2", 6)))
                    .then(events(
                            new TranscriptionRecorded(
                                    at("Feb 4"),
                                    new TranscriptionId("t2"),
                                    Minutes.of(6),
                                    null,
                                    at("Feb 4"),
                                    false,
                                    null,
                                    null,
                                    Counted.CURRENT_PERIOD,
                                    0,
                                    new Charge(
                                            Minutes.ZERO,
                                            List.of(new PackCharge(new PurchaseId("p1"), Minutes.of(6))),
                                            Minutes.ZERO)),
                            new ThresholdReached(at("Feb 4"), 80, 0, Minutes.of(125), Minutes.of(150))));
        }

        @Test
        void below_it_nothing_is_announced() {
            given(opened(including(100))).when(record("t1", 79)).then(reached());
        }

        @Test
        void passing_several_at_once_announces_each() {
            given(opened(including(100))).when(record("t1", 130)).then(reached(80, 90, 100));
        }

        @Test
        void each_is_announced_once_in_a_period() {
            given(opened(including(100)), recorded("t1", 85))
                    .when(record("t2", 3))
                    .then(reached())
                    .when(record("t3", 2))
                    .then(reached(90));
        }

        @Test
        void the_next_period_starts_afresh() {
            given(opened(including(100)), recorded("t1", 100))
                    .when(on("Mar 1", record("t2", 80)))
                    .then(reached(80));
        }

        @Test
        void giving_minutes_back_does_not_make_it_be_announced_again() {
            given(opened(including(100)), recorded("t1", 80), corrected("c1", "t1", 50))
                    .when(record("t2", 35))
                    .then(reached());
        }

        @Test
        void where_there_is_nothing_to_spend_the_first_minute_reaches_all() {
            given(opened(including(0))).when(record("t1", 1)).then(reached(80, 90, 100));
        }

        @Test
        void where_nothing_is_used_nothing_is_reached() {
            given(opened(including(0))).when(record("t1", 0)).then(reached());
        }

        @Test
        void a_soft_plan_has_them_too() {
            given(opened(soft(including(100)))).when(record("t1", 95)).then(reached(80, 90));
        }

        @Test
        void which_there_are_is_a_setting() {
            LedgerPolicy half = new LedgerPolicy(Duration.ofHours(72), List.of(75, 50, 50), Duration.ofMinutes(5));

            given(half, opened(including(100)))
                    .when(record("t1", 50))
                    .then(reached(50))
                    .when(record("t2", 50))
                    .then(reached(75));
        }

        @Test
        void shares_are_exact_however_many_minutes_there_are() {
            long included = 1_000_000_000;
            given(opened(including(included)), recorded("t1", included / 10 * 8 - 1))
                    .when(record("t2", 1))
                    .then(reached(80));
        }
    }

    @Nested
    class SentAgain {
        @Test
        void the_same_again_is_a_replay_with_the_balance_of_now() {
            given(opened(including(100)), recorded("t1", 55), recorded("t2", 10))
                    .when(record("t1", 55))
                    .then(replayed(), left(used(65), remaining(35)));
        }

        @Test
        void a_time_that_was_not_given_is_not_content() {
            given(opened(including(100)), recorded("t1", 55))
                    .when(on("Mar 20", record("t1", 55)))
                    .then(replayed());
        }

        @Test
        void a_time_given_now_and_not_then_is_a_conflict_even_if_it_is_the_same() {
            given(opened(including(100)), recorded("t1", 55))
                    .when(record("t1", 55).occurring("Feb 1"))
                    .then(rejected(conflict("occurredAt", null, at("Feb 1"))));
        }

        @Test
        void what_to_do_for_lack_of_minutes_is_not_content() {
            given(opened(including(100)), recorded("t1", 100))
                    .when(record("t1", 100).orReject())
                    .then(replayed());
        }

        @Test
        void a_correction_since_does_not_change_the_original_entry() {
            given(opened(including(100)), recorded("t1", 55), corrected("c1", "t1", 10))
                    .when(record("t1", 55))
                    .then(replayed(), left(used(10)))
                    .when(record("t1", 10))
                    .then(rejected(conflict("minutes", Minutes.of(55), Minutes.of(10))));
        }

        static Stream<Arguments> otherContents() {
            Recording same = record("t1", 2).occurring("Feb 1").by("ann").settling("r1");
            return Stream.of(
                    argumentSet(
                            "minutes",
                            record("t1", 3).occurring("Feb 1").by("ann").settling("r1"),
                            conflict("minutes", Minutes.of(2), Minutes.of(3))),
                    argumentSet(
                            "durationSeconds",
                            recordSeconds("t1", 120)
                                    .occurring("Feb 1")
                                    .by("ann")
                                    .settling("r1"),
                            conflict("durationSeconds", null, 120L)),
                    argumentSet(
                            "occurredAt", same.occurring("Jan 31"), conflict("occurredAt", at("Feb 1"), at("Jan 31"))),
                    argumentSet(
                            "no occurredAt",
                            record("t1", 2).by("ann").settling("r1"),
                            conflict("occurredAt", at("Feb 1"), null)),
                    argumentSet("userId", same.by("bob"), conflict("userId", new UserId("ann"), new UserId("bob"))),
                    argumentSet(
                            "reservationId",
                            same.settling("r2"),
                            conflict("reservationId", R1, new ReservationId("r2"))),
                    argumentSet(
                            "no reservationId",
                            record("t1", 2).occurring("Feb 1").by("ann"),
                            conflict("reservationId", R1, null)));
        }

        @ParameterizedTest
        @MethodSource("otherContents")
        void other_content_is_a_conflict_that_names_the_field(Recording other, Rejection conflict) {
            given(
                            opened(including(100)),
                            reserved("r1", 10),
                            recorded("t1", 2).occurring("Feb 1").by("ann").settling("r1"))
                    .when(other)
                    .then(rejected(conflict));
        }

        @Test
        void seconds_are_content_even_where_they_cost_the_same() {
            given(opened(including(100)), recordedSeconds("t1", 61))
                    .when(recordSeconds("t1", 62))
                    .then(rejected(conflict("durationSeconds", 61L, 62L)))
                    .when(record("t1", 2))
                    .then(rejected(conflict("durationSeconds", 61L, null)))
                    .when(recordSeconds("t1", 61))
                    .then(replayed());
        }
    }

    @Nested
    class ClockThatJumpsBack {
        @Test
        void recorded_time_never_runs_backwards() {
            given(opened(including(100)), on("Feb 3 10:00", recorded("t1", 5)))
                    .when(on("Feb 3 09:00", record("t2", 5)))
                    .then(events(new TranscriptionRecorded(
                            at("Feb 3 10:00"),
                            new TranscriptionId("t2"),
                            Minutes.of(5),
                            null,
                            at("Feb 3 10:00"),
                            false,
                            null,
                            null,
                            Counted.CURRENT_PERIOD,
                            0,
                            new Charge(Minutes.of(5), List.of(), Minutes.ZERO))));
        }

        @Test
        void the_future_is_measured_from_recorded_time() {
            given(opened(including(100)), on("Feb 3 10:00", recorded("t1", 5)))
                    .when(on("Feb 3 09:00", record("t2", 5).occurring("Feb 3 10:05")))
                    .then(accepted())
                    .when(on("Feb 3 09:00", record("t3", 5).occurring("Feb 3 10:05:01")))
                    .then(rejected(
                            new OccurredInTheFuture(at("Feb 3 10:05:01"), at("Feb 3 10:00"), Duration.ofMinutes(5))));
        }

        @Test
        void a_period_that_has_rolled_does_not_come_back() {
            given(opened(including(100)), on("Mar 1", rolled()))
                    .when(on("Feb 28 23:59", record("t1", 5)))
                    .then(counted(Counted.CURRENT_PERIOD, 1), left(used(5)));
        }
    }

    @Test
    void it_costs_at_most_a_billion_minutes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> given(opened(unlimited()), recorded("t1", 1_000_000_001)))
                .withMessage("minutes must be at most 1000000000: 1000000001");
    }

    @Test
    void minutes_and_seconds_must_not_contradict_each_other() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Recording(
                                "t1",
                                Minutes.of(1),
                                61L,
                                null,
                                null,
                                null,
                                record("t1", 1).onInsufficient())
                        .receivedAt(at("Feb 1")))
                .withMessage("minutes must be what durationSeconds 61 costs: 1");
    }

    @Test
    void seconds_are_not_negative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recordSeconds("t1", -30))
                .withMessage("durationSeconds must not be negative: -30");
    }
}
