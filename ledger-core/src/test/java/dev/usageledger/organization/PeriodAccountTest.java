package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PeriodAccountTest {
    private static final PurchaseId P1 = new PurchaseId("p1");
    private static final PurchaseId P2 = new PurchaseId("p2");
    private static final PeriodAccount EMPTY =
            PeriodAccount.empty(new BillingPeriod(0, Times.at("Feb 1"), Times.at("Mar 1")), Asked.including(100));

    @Test
    void used_is_the_sum_of_what_paid_and_what_did_not() {
        PeriodAccount account = EMPTY.charged(charge(100, 7, pack(P1, 20), pack(P2, 3)));

        assertThat(account.used()).isEqualTo(Minutes.of(130));
        assertThat(account.overageUsed()).isEqualTo(Minutes.of(23));
        assertThat(account.baseRemaining()).isEqualTo(Minutes.ZERO);
    }

    @Test
    void charges_of_one_pack_in_a_row_are_one_so_its_size_does_not_follow_the_usage() {
        PeriodAccount account = EMPTY;
        for (int i = 0; i < 1_000; i++) {
            account = account.charged(charge(0, 0, pack(P1, 1)));
        }

        assertThat(account.fromOverage()).containsExactly(pack(P1, 1_000));
    }

    @Test
    void the_order_in_which_packs_were_charged_is_kept() {
        PeriodAccount account = EMPTY.charged(charge(0, 0, pack(P1, 1), pack(P2, 2)))
                .charged(charge(0, 0, pack(P1, 3)))
                .charged(charge(0, 0, pack(P1, 4)));

        assertThat(account.fromOverage()).containsExactly(pack(P1, 1), pack(P2, 2), pack(P1, 7));
        assertThat(account.undone(Minutes.of(9))).isEqualTo(charge(0, 0, pack(P1, 7), pack(P2, 2)));
        assertThat(account.givenBack(account.undone(Minutes.of(8))).fromOverage())
                .containsExactly(pack(P1, 1), pack(P2, 1));
    }

    @Test
    void giving_everything_back_leaves_nothing() {
        PeriodAccount account = EMPTY.charged(charge(100, 7, pack(P1, 20), pack(P2, 3)));

        assertThat(account.givenBack(account.undone(account.used()))).isEqualTo(EMPTY);
    }

    @Test
    void what_is_covered_moves_from_one_term_to_another() {
        PeriodAccount account = EMPTY.charged(charge(100, 10))
                .coveredByOverage(List.of(pack(P1, 6)))
                .onPlan(Asked.including(104), Minutes.of(4));

        assertThat(account.used()).isEqualTo(Minutes.of(110));
        assertThat(account.fromBase()).isEqualTo(Minutes.of(104));
        assertThat(account.fromOverage()).containsExactly(pack(P1, 6));
        assertThat(account.uncovered()).isEqualTo(Minutes.ZERO);
    }

    private static Charge charge(long base, long uncovered, PackCharge... packs) {
        return new Charge(Minutes.of(base), List.of(packs), Minutes.of(uncovered));
    }

    private static PackCharge pack(PurchaseId purchaseId, long minutes) {
        return new PackCharge(purchaseId, Minutes.of(minutes));
    }
}
