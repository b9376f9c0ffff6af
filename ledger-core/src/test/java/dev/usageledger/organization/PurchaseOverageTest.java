package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.usageledger.organization.Asked.Purchasing;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.OveragePurchased;
import dev.usageledger.organization.Rejection.ExpiryNotInTheFuture;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PurchaseOverageTest {
    private static final PurchaseId P1 = new PurchaseId("p1");

    @Test
    void it_adds_a_pack() {
        OveragePurchased purchased = new OveragePurchased(
                at("Feb 2"),
                P1,
                Minutes.of(50),
                at("Jun 1"),
                new Price(new BigDecimal("9.9"), "EUR"),
                Minutes.ZERO,
                List.of());

        given(opened(including(100)), recorded("t1", 60))
                .when(on("Feb 2", purchase("p1", 50).expiring("Jun 1").priced("9.90", "EUR")))
                .then(events(purchased), answeredBy(purchased))
                .then(left(base(40), overage(50), remaining(90), used(60), capacity(150)));
    }

    @Test
    void goodwill_is_a_pack_at_price_0() {
        given(opened(including(100)))
                .when(purchase("p1", 50).priced("0", "EUR"))
                .then(accepted(), left(overage(50)));
    }

    @Nested
    class Covering {
        @Test
        void it_first_covers_what_is_uncovered() {
            given(opened(including(100)), recorded("t1", 115))
                    .when(purchase("p1", 40))
                    .then(events(new OveragePurchased(
                            at("Feb 1"), P1, Minutes.of(40), null, null, Minutes.of(15), List.of(90, 100))))
                    .then(left(overage(25), remaining(25), used(115), uncovered(0), capacity(140)));
        }

        @Test
        void a_small_one_covers_a_part() {
            given(opened(including(100)), recorded("t1", 115))
                    .when(purchase("p1", 10))
                    .then(events(new OveragePurchased(
                            at("Feb 1"), P1, Minutes.of(10), null, null, Minutes.of(10), List.of())))
                    .then(left(overage(0), remaining(0), used(115), uncovered(5), capacity(110)));
        }

        @Test
        void what_it_covered_is_given_back_to_it() {
            given(opened(including(100)), recorded("t1", 115), purchased("p1", 40))
                    .when(correct("c1", "t1", 105))
                    .then(gaveBack(pack("p1", 10)), left(overage(35), used(105)));
        }

        @Test
        void what_a_closed_period_left_uncovered_stays_on_its_statement() {
            given(opened(including(100)), recorded("t1", 115))
                    .when(on("Mar 1", purchase("p1", 40)))
                    .then(eventsOf(BillingPeriodRolled.class, OveragePurchased.class))
                    .then(left(overage(40), used(0), uncovered(0)))
                    .then(closedStatement(base(100), uncovered(15)));
        }
    }

    @Nested
    class Thresholds {
        @Test
        void those_it_brings_out_of_reach_can_be_reached_again() {
            given(opened(including(100)), recorded("t1", 92))
                    .when(purchase("p1", 10))
                    .then(events(new OveragePurchased(
                            at("Feb 1"), P1, Minutes.of(10), null, null, Minutes.ZERO, List.of(90))))
                    .when(record("t2", 7))
                    .then(reached(90))
                    .when(record("t3", 1))
                    .then(reached());
        }

        @Test
        void all_of_them_where_enough_is_bought() {
            given(opened(including(100)), recorded("t1", 100), purchased("p1", 100))
                    .when(record("t2", 100))
                    .then(reached(80, 90, 100));
        }

        @Test
        void a_share_that_is_still_reached_is_not_announced_again() {
            given(opened(including(100)), recorded("t1", 90))
                    .when(purchase("p1", 1))
                    .then(events(new OveragePurchased(
                            at("Feb 1"), P1, Minutes.of(1), null, null, Minutes.ZERO, List.of(90))))
                    .when(purchase("p2", 1))
                    .then(events(new OveragePurchased(
                            at("Feb 1"), new PurchaseId("p2"), Minutes.of(1), null, null, Minutes.ZERO, List.of())));
        }
    }

    @Nested
    class Expiry {
        @ParameterizedTest
        @ValueSource(strings = {"Feb 3 09:59:59", "Feb 3 10:00"})
        void a_pack_does_not_expire_before_it_is_bought(String moment) {
            given(opened(including(100)))
                    .when(on("Feb 3 10:00", purchase("p1", 50).expiring(moment)))
                    .then(rejected(new ExpiryNotInTheFuture(at(moment), at("Feb 3 10:00"))), left(overage(0)));
        }

        @Test
        void it_may_expire_any_time_later() {
            given(opened(including(100)))
                    .when(on("Feb 3 10:00", purchase("p1", 50).expiring("Feb 3 10:00:01")))
                    .then(accepted(), left(overage(50)));
        }

        @Test
        void a_clock_that_jumps_back_does_not_sell_what_has_expired() {
            given(opened(including(100)), on("Feb 3 10:00", recorded("t1", 1)))
                    .when(on("Feb 3 09:00", purchase("p1", 50).expiring("Feb 3 09:30")))
                    .then(rejected(new ExpiryNotInTheFuture(at("Feb 3 09:30"), at("Feb 3 10:00"))));
        }
    }

    @Test
    void packs_of_an_unlimited_plan_are_kept_for_another() {
        given(opened(unlimited()), recorded("t1", 500), purchased("p1", 50))
                .when(on("Feb 2", changePlan("x1", including(500))))
                .then(left(base(0), overage(50), remaining(50)));
    }

    @Test
    void the_same_again_is_a_replay_even_after_the_pack_has_expired() {
        given(opened(including(100)), purchased("p1", 50).expiring("Feb 20"))
                .when(purchase("p1", 50).expiring("Feb 20"))
                .then(replayed(), left(overage(50)))
                .when(on("Mar 20", purchase("p1", 50).expiring("Feb 20")))
                .then(replayed(), left(overage(0)));
    }

    static Stream<Arguments> otherContents() {
        Purchasing same = purchase("p1", 50).expiring("Jun 1").priced("9.90", "EUR");
        Price price = new Price(new BigDecimal("9.9"), "EUR");
        return Stream.of(
                argumentSet(
                        "minutes",
                        purchase("p1", 51).expiring("Jun 1").priced("9.90", "EUR"),
                        conflict("minutes", Minutes.of(50), Minutes.of(51))),
                argumentSet("expiresAt", same.expiring("Jul 1"), conflict("expiresAt", at("Jun 1"), at("Jul 1"))),
                argumentSet(
                        "no expiresAt",
                        purchase("p1", 50).priced("9.90", "EUR"),
                        conflict("expiresAt", at("Jun 1"), null)),
                argumentSet(
                        "price amount",
                        same.priced("9.91", "EUR"),
                        conflict("price", price, new Price(new BigDecimal("9.91"), "EUR"))),
                argumentSet(
                        "price currency",
                        same.priced("9.90", "USD"),
                        conflict("price", price, new Price(new BigDecimal("9.9"), "USD"))),
                argumentSet("no price", purchase("p1", 50).expiring("Jun 1"), conflict("price", price, null)));
    }

    @ParameterizedTest
    @MethodSource("otherContents")
    void other_content_is_a_conflict_that_names_the_field(Purchasing other, Rejection conflict) {
        given(opened(including(100)), purchased("p1", 50).expiring("Jun 1").priced("9.90", "EUR"))
                .when(other)
                .then(rejected(conflict));
    }

    @Test
    void the_same_price_written_otherwise_is_the_same() {
        given(opened(including(100)), purchased("p1", 50).priced("9.90", "EUR"))
                .when(purchase("p1", 50).priced("9.9000", "EUR"))
                .then(replayed());
    }

    @Test
    void a_pack_has_at_least_one_minute_and_at_most_a_billion() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> purchase("p1", 0).receivedAt(at("Feb 1")))
                .withMessage("minutes must be at least 1: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> purchase("p1", 1_000_000_001).receivedAt(at("Feb 1")))
                .withMessage("minutes must be at most 1000000000: 1000000001");
    }
}
