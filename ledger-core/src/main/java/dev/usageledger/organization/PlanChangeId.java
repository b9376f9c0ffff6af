package dev.usageledger.organization;

/** One change of an organization's plan: its idempotency key within the organization. */
public record PlanChangeId(String value) {
    public PlanChangeId {
        Identifiers.require("changeId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
