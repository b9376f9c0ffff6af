package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.usageledger.organization.Balance.Status;
import dev.usageledger.organization.OrganizationEvent.*;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RollBillingPeriodTest {
    private static final BillingPeriod FEBRUARY = new BillingPeriod(0, at("Feb 1"), at("Mar 1"));
    private static final BillingPeriod MARCH = new BillingPeriod(1, at("Mar 1"), at("Apr 1"));
    private static final BillingPeriod APRIL = new BillingPeriod(2, at("Apr 1"), at("May 1"));

    @Nested
    class Rolling {
        @Test
        void the_next_period_starts_with_all_its_base_minutes() {
            BillingPeriodRolled rolled =
                    new BillingPeriodRolled(at("Mar 1"), FEBRUARY, MARCH, including(100), Minutes.of(40));

            given(opened(including(100)), recorded("t1", 60))
                    .when(on("Mar 1", roll()))
                    .then(events(rolled), answeredBy(rolled))
                    .then(left(base(100), remaining(100), used(0), capacity(100)), inPeriod("Mar 1", "Apr 1"))
                    .then(closedStatement(base(60)));
        }

        @Test
        void before_its_end_nothing_is_due_and_nothing_changes() {
            given(opened(including(100)), recorded("t1", 60))
                    .when(on("Feb 28 23:59:59", roll()))
                    .then(noEvents(), answeredBy(null), left(base(40)));
        }

        @Test
        void a_roll_never_touches_overage() {
            given(
                            opened(including(100)),
                            purchased("p1", 50),
                            purchased("p2", 30).expiring("Dec 1"),
                            recorded("t1", 110))
                    .when(on("Mar 1", roll()))
                    .then(left(base(100), pack("p1", 50), pack("p2", 20), overage(70), remaining(170)))
                    .when(on("Nov 30", roll()))
                    .then(left(base(100), pack("p1", 50), pack("p2", 20), overage(70), remaining(170)));
        }

        @Test
        void what_was_uncovered_stays_on_the_statement_and_is_not_carried_over() {
            given(opened(including(100)), recorded("t1", 130))
                    .when(on("Mar 1", roll()))
                    .then(left(base(100), uncovered(0), used(0)), status(Status.OK))
                    .then(closedStatement(base(100), uncovered(30)));
        }

        @Test
        void an_idle_organization_rolls_one_period_at_a_time() {
            BillingPeriodRolled last =
                    new BillingPeriodRolled(at("Apr 9"), MARCH, APRIL, including(100), Minutes.of(100));

            given(opened(including(100)), recorded("t1", 60))
                    .when(on("Apr 9", roll()))
                    .then(events(
                            new BillingPeriodRolled(at("Apr 9"), FEBRUARY, MARCH, including(100), Minutes.of(40)),
                            last))
                    .then(answeredBy(last), left(used(0)), closedStatement());
        }

        @Test
        void a_plan_that_was_overdrawn_by_a_smaller_one_has_nothing_to_lapse() {
            given(opened(including(100)), recorded("t1", 60), changedPlan("x1", including(50)))
                    .when(on("Mar 1", roll()))
                    .then(events(new BillingPeriodRolled(at("Mar 1"), FEBRUARY, MARCH, including(50), Minutes.ZERO)));
        }

        @Test
        void an_unlimited_plan_has_nothing_to_lapse() {
            given(opened(unlimited()), recorded("t1", 60))
                    .when(on("Mar 1", roll()))
                    .then(events(new BillingPeriodRolled(at("Mar 1"), FEBRUARY, MARCH, unlimited(), Minutes.ZERO)));
        }

        @Test
        void sent_again_there_is_nothing_left_to_do() {
            given(opened(including(100)), on("Mar 1", rolled())).when(roll()).then(noEvents(), answeredBy(null));
        }

        @Test
        void periods_that_begin_on_the_31st_keep_to_the_anchor() {
            given(opened(including(100)).anchored("2026-01-31T00:00"))
                    .when(on("Feb 28", roll()))
                    .then(inPeriod("Feb 28", "Mar 31"))
                    .when(on("Mar 31", roll()))
                    .then(inPeriod("Mar 31", "Apr 30"))
                    .when(on("Apr 30", roll()))
                    .then(inPeriod("Apr 30", "May 31"));
        }

        @Test
        void periods_begin_when_the_organizations_own_day_does() {
            given(opened(including(100)).in("America/New_York").anchored("2026-01-31T00:00"))
                    .when(on("Mar 31 03:59:59", roll()))
                    .then(inPeriod("Feb 28 05:00", "Mar 31 04:00"))
                    .when(on("Mar 31 04:00", roll()))
                    .then(inPeriod("Mar 31 04:00", "Apr 30 04:00"));
        }
    }

    @Nested
    class WhatIsDue {
        @Test
        void happens_in_the_order_in_which_it_fell_due() {
            given(
                            opened(including(100)),
                            purchased("p1", 10).expiring("Mar 1 01:00"),
                            purchased("p2", 20).expiring("Feb 28 23:30"),
                            on("Feb 28 23:00", reserved("r1", 5).lasting(Duration.ofHours(3))),
                            on("Feb 28 23:10", reserved("r2", 6).lasting(Duration.ofMinutes(15))))
                    .when(on("Apr 2", roll()))
                    .then(events(
                            expired("Apr 2", "r2", 6, "Feb 28 23:25"),
                            packExpired("Apr 2", "p2", 20, "Feb 28 23:30"),
                            new BillingPeriodRolled(at("Apr 2"), FEBRUARY, MARCH, including(100), Minutes.of(100)),
                            packExpired("Apr 2", "p1", 10, "Mar 1 01:00"),
                            expired("Apr 2", "r1", 5, "Mar 1 02:00"),
                            new BillingPeriodRolled(at("Apr 2"), MARCH, APRIL, including(100), Minutes.of(100))));
        }

        @Test
        void at_one_instant_holds_come_before_packs_and_packs_before_the_roll() {
            given(
                            opened(including(100)),
                            purchased("p1", 10).expiring("Mar 1"),
                            purchased("p2", 20).expiring("Mar 1"),
                            on("Feb 28 23:00", reserved("r1", 5).lasting(Duration.ofHours(1))),
                            on("Feb 28 23:30", reserved("r2", 6).lasting(Duration.ofMinutes(30))))
                    .when(on("Mar 1", roll()))
                    .then(events(
                            expired("Mar 1", "r1", 5, "Mar 1"),
                            expired("Mar 1", "r2", 6, "Mar 1"),
                            packExpired("Mar 1", "p1", 10, "Mar 1"),
                            packExpired("Mar 1", "p2", 20, "Mar 1"),
                            new BillingPeriodRolled(at("Mar 1"), FEBRUARY, MARCH, including(100), Minutes.of(100))));
        }

        @Test
        void took_effect_when_it_was_due() {
            assertThat(expired("Apr 2", "r1", 5, "Feb 3").effectiveAt()).isEqualTo(at("Feb 3"));
            assertThat(packExpired("Apr 2", "p1", 5, "Feb 3").effectiveAt()).isEqualTo(at("Feb 3"));
            assertThat(new BillingPeriodRolled(at("Apr 2"), FEBRUARY, MARCH, including(1), Minutes.ZERO).effectiveAt())
                    .isEqualTo(at("Mar 1"));
            assertThat(new MemberAdded(at("Feb 3"), new UserId("ann")).effectiveAt())
                    .isEqualTo(at("Feb 3"));
        }

        @Test
        void a_pack_with_nothing_left_need_not_expire() {
            given(opened(including(0)), purchased("p1", 10).expiring("Feb 20"), recorded("t1", 10))
                    .when(on("Feb 20", roll()))
                    .then(noEvents());
        }

        @Test
        void without_a_roll_there_is_no_event_that_answers() {
            given(opened(including(100)), reserved("r1", 5))
                    .when(on("Feb 2", roll()))
                    .then(eventsOf(ReservationExpired.class), answeredBy(null));
        }

        @Test
        void a_pack_that_expires_leaves_less_to_spend_so_thresholds_can_be_reached() {
            given(opened(including(100)), purchased("p1", 100).expiring("Feb 20"), recorded("t1", 85))
                    .when(on("Mar 1", roll()))
                    .then(events(
                            packExpired("Mar 1", "p1", 100, "Feb 20"),
                            new ThresholdReached(at("Mar 1"), 80, 0, Minutes.of(85), Minutes.of(100)),
                            new BillingPeriodRolled(at("Mar 1"), FEBRUARY, MARCH, including(100), Minutes.of(15))));
        }

        static Stream<Arguments> allOtherCommands() {
            return Stream.of(
                    argumentSet("ChangePlan", changePlan("x1", including(1)), new Class<?>[] {PlanChanged.class}),
                    argumentSet("AddMember", add("bob"), new Class<?>[] {MemberAdded.class}),
                    argumentSet("RemoveMember", remove("ann"), new Class<?>[] {MemberRemoved.class}),
                    argumentSet("ReserveMinutes", reserve("r3", 1), new Class<?>[] {MinutesReserved.class}),
                    argumentSet("ReleaseReservation", release("r2"), new Class<?>[] {ReservationReleased.class}),
                    argumentSet("RecordTranscription", record("t2", 1), new Class<?>[] {TranscriptionRecorded.class}),
                    argumentSet(
                            "CorrectTranscription", correct("c1", "t1", 1), new Class<?>[] {TranscriptionCorrected.class
                            }),
                    argumentSet("PurchaseOverage", purchase("p3", 1), new Class<?>[] {OveragePurchased.class}),
                    argumentSet("RefundOverage", refund("f1", "p2", 1), new Class<?>[] {OverageRefunded.class}));
        }

        @ParameterizedTest
        @MethodSource("allOtherCommands")
        void comes_before_any_command(Ask command, Class<?>[] its) {
            given(
                            opened(including(100)),
                            added("ann"),
                            purchased("p1", 10).expiring("Feb 28 23:59"),
                            purchased("p2", 10),
                            recorded("t1", 5),
                            on("Feb 28 22:00", reserved("r1", 5)),
                            on("Feb 28 23:00", reserved("r2", 5)))
                    .when(on("Mar 1", command))
                    .then(outcome -> assertThat(((Decision.Accepted) outcome.decision()).events())
                            .extracting(event -> (Object) event.getClass())
                            .containsExactlyElementsOf(Stream.concat(
                                            Stream.of(
                                                    OveragePackExpired.class,
                                                    ReservationExpired.class,
                                                    BillingPeriodRolled.class),
                                            Arrays.stream(its))
                                    .<Object>map(type -> type)
                                    .toList()));
        }

        @Test
        void is_still_due_after_a_command_that_was_refused() {
            given(opened(including(100)), recorded("t1", 100))
                    .when(on("Mar 1", refund("f1", "p1", 1)))
                    .then(rejected(new Rejection.PurchaseNotFound(new PurchaseId("p1"))), left(base(100)))
                    .when(roll())
                    .then(eventsOf(BillingPeriodRolled.class));
        }

        @Test
        void is_known_beforehand() {
            Journal journal = new Journal();
            journal.send(opened(including(100)).receivedAt(at("Feb 1")));
            assertThat(journal.open().nextDueAt()).isEqualTo(at("Mar 1"));

            journal.send(purchased("p1", 5).expiring("Feb 20").receivedAt(at("Feb 1")));
            assertThat(journal.open().nextDueAt()).isEqualTo(at("Feb 20"));

            journal.send(reserved("r1", 5).receivedAt(at("Feb 1")));
            assertThat(journal.open().nextDueAt()).isEqualTo(at("Feb 1 02:00"));
        }
    }

    private static ReservationExpired expired(String at, String reservationId, long minutes, String expiredAt) {
        return new ReservationExpired(at(at), new ReservationId(reservationId), Minutes.of(minutes), at(expiredAt));
    }

    private static OveragePackExpired packExpired(String at, String purchaseId, long minutes, String expiredAt) {
        return new OveragePackExpired(at(at), new PurchaseId(purchaseId), Minutes.of(minutes), at(expiredAt));
    }
}
