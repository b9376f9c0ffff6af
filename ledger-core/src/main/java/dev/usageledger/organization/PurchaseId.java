package dev.usageledger.organization;

/** One purchase of overage minutes, and the pack that it added. */
public record PurchaseId(String value) {
    public PurchaseId {
        Identifiers.require("purchaseId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
