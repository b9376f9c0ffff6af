package dev.usageledger.organization;

/** Minutes taken from, or given back to, one overage pack. */
public record PackCharge(PurchaseId purchaseId, Minutes minutes) {
    PackCharge plus(Minutes more) {
        return new PackCharge(purchaseId, minutes.plus(more));
    }

    static Minutes total(Iterable<PackCharge> charges) {
        Minutes total = Minutes.ZERO;
        for (PackCharge charge : charges) {
            total = total.plus(charge.minutes());
        }
        return total;
    }
}
