package dev.usageledger.organization;

/** One refund of unspent overage minutes: its idempotency key within the organization. */
public record RefundId(String value) {
    public RefundId {
        Identifiers.require("refundId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
