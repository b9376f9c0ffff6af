package dev.usageledger.organization;

/** Who is billed. The caller's identifier, unique in the ledger. */
public record OrganizationId(String value) {
    public OrganizationId {
        Identifiers.require("organizationId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
