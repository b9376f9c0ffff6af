package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.usageledger.organization.OrganizationEvent.OverageRefunded;
import dev.usageledger.organization.Rejection.PurchaseNotFound;
import dev.usageledger.organization.Rejection.RefundExceedsUnspent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RefundOverageTest {
    private static final PurchaseId P1 = new PurchaseId("p1");
    private static final RefundId F1 = new RefundId("f1");

    @Test
    void it_takes_back_unspent_minutes_of_one_pack() {
        OverageRefunded refunded = new OverageRefunded(at("Feb 2"), F1, P1, Minutes.of(20), true);

        given(opened(including(100)), purchased("p1", 50), purchased("p2", 50))
                .when(on("Feb 2", refund("f1", "p1", 20)))
                .then(events(refunded), answeredBy(refunded))
                .then(left(pack("p1", 30), pack("p2", 50), overage(80), remaining(180), used(0), capacity(180)));
    }

    @Test
    void all_that_is_unspent_where_no_number_is_given() {
        given(opened(including(0)), purchased("p1", 50), recorded("t1", 20))
                .when(refundAll("f1", "p1"))
                .then(answeredBy(new OverageRefunded(at("Feb 1"), F1, P1, Minutes.of(30), false)))
                .then(left(overage(0), used(20), uncovered(0)));
    }

    @Test
    void to_the_last_minute() {
        given(opened(including(0)), purchased("p1", 50), recorded("t1", 20))
                .when(refund("f1", "p1", 30))
                .then(accepted(), left(overage(0)));
    }

    @Test
    void not_more_than_is_unspent() {
        given(opened(including(0)), purchased("p1", 50), recorded("t1", 20))
                .when(refund("f1", "p1", 31))
                .then(rejected(new RefundExceedsUnspent(P1, Minutes.of(31), Minutes.of(30))), left(overage(30)));
    }

    @Test
    void what_was_refunded_cannot_be_refunded_again() {
        given(opened(including(0)), purchased("p1", 50), refunded("f1", "p1", 40))
                .when(refund("f2", "p1", 11))
                .then(rejected(new RefundExceedsUnspent(P1, Minutes.of(11), Minutes.of(10))))
                .when(refundAll("f2", "p1"))
                .then(accepted(), left(overage(0)))
                .when(refundAll("f3", "p1"))
                .then(rejected(new RefundExceedsUnspent(P1, null, Minutes.ZERO)));
    }

    @Test
    void nothing_of_a_pack_that_is_spent() {
        given(opened(including(0)), purchased("p1", 50), recorded("t1", 50))
                .when(refundAll("f1", "p1"))
                .then(rejected(new RefundExceedsUnspent(P1, null, Minutes.ZERO)));
    }

    @Test
    void nothing_of_a_pack_that_was_spent_in_a_period_long_closed() {
        given(opened(including(0)), purchased("p1", 50), recorded("t1", 50), on("Apr 2", purchased("p2", 10)))
                .when(refund("f1", "p1", 1))
                .then(rejected(new RefundExceedsUnspent(P1, Minutes.of(1), Minutes.ZERO)));
    }

    @Test
    void nothing_of_a_pack_that_has_expired() {
        given(opened(including(0)), purchased("p1", 50).expiring("Feb 20"))
                .when(on("Feb 20", refundAll("f1", "p1")))
                .then(rejected(new RefundExceedsUnspent(P1, null, Minutes.ZERO)));
    }

    @Test
    void until_the_last_second_before_it_expires() {
        given(opened(including(0)), purchased("p1", 50).expiring("Feb 20"))
                .when(on("Feb 19 23:59:59", refundAll("f1", "p1")))
                .then(accepted());
    }

    @Test
    void what_was_never_bought_cannot_be_refunded() {
        given(opened(including(0)), purchased("p2", 50))
                .when(refund("f1", "p1", 1))
                .then(rejected(new PurchaseNotFound(P1)));
    }

    @Test
    void minutes_given_back_after_a_refund_can_be_refunded_too() {
        given(opened(including(0)), purchased("p1", 50), recorded("t1", 20), refundedAll("f1", "p1"))
                .and(corrected("c1", "t1", 5))
                .when(refund("f2", "p1", 15))
                .then(accepted(), left(overage(0)));
    }

    @Test
    void holds_do_not_keep_a_pack_from_being_refunded() {
        given(opened(including(0)), purchased("p1", 50), reserved("r1", 50))
                .when(refundAll("f1", "p1"))
                .then(accepted(), left(overage(0), held(50), remaining(0)));
    }

    @Test
    void there_is_less_to_spend_so_thresholds_can_be_reached() {
        given(opened(including(100)), purchased("p1", 100), recorded("t1", 90))
                .when(refund("f1", "p1", 90))
                .then(reached(80), left(capacity(110)));
    }

    @Test
    void the_same_again_is_a_replay() {
        given(opened(including(0)), purchased("p1", 50), refunded("f1", "p1", 20), recorded("t1", 30))
                .when(on("Apr 3", refund("f1", "p1", 20)))
                .then(replayed());
    }

    @Test
    void all_that_is_unspent_is_the_same_all_again_whatever_it_came_to() {
        given(opened(including(0)), purchased("p1", 50), recorded("t1", 20), refundedAll("f1", "p1"))
                .and(corrected("c1", "t1", 5))
                .when(refundAll("f1", "p1"))
                .then(replayed(), left(overage(15)));
    }

    static Stream<Arguments> otherContents() {
        return Stream.of(
                argumentSet("purchaseId", refund("f1", "p2", 20), conflict("purchaseId", P1, new PurchaseId("p2"))),
                argumentSet("minutes", refund("f1", "p1", 21), conflict("minutes", Minutes.of(20), Minutes.of(21))),
                argumentSet("no minutes", refundAll("f1", "p1"), conflict("minutes", Minutes.of(20), null)));
    }

    @ParameterizedTest
    @MethodSource("otherContents")
    void other_content_is_a_conflict_that_names_the_field(Ask other, Rejection conflict) {
        given(opened(including(0)), purchased("p1", 50), purchased("p2", 50), refunded("f1", "p1", 20))
                .when(other)
                .then(rejected(conflict));
    }

    @Test
    void a_number_is_not_the_same_as_all_even_if_it_comes_to_the_same() {
        given(opened(including(0)), purchased("p1", 50), refundedAll("f1", "p1"))
                .when(refund("f1", "p1", 50))
                .then(rejected(conflict("minutes", null, Minutes.of(50))));
    }

    @Test
    void it_takes_back_at_least_one_minute_and_at_most_a_billion() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> refund("f1", "p1", 0).receivedAt(at("Feb 1")))
                .withMessage("minutes must be at least 1: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> refund("f1", "p1", 1_000_000_001).receivedAt(at("Feb 1")))
                .withMessage("minutes must be at most 1000000000: 1000000001");
    }
}
