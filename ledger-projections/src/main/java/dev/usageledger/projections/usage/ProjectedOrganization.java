package dev.usageledger.projections.usage;

import dev.usageledger.organization.Organization;

/**
 * An organization as far as the read models have come.
 *
 * @param lastSequence of the last event that is in it; −1 before the first
 */
public record ProjectedOrganization(Organization organization, long lastSequence) {
    public static final ProjectedOrganization NOTHING = new ProjectedOrganization(Organization.NOT_OPENED, -1);
}
