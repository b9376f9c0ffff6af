package dev.usageledger.engine;

import dev.usageledger.organization.Decision;
import dev.usageledger.organization.OrganizationId;

/**
 * What a command came to, and the organization after it.
 *
 * @param loaded the organization after the command, still with the position that it had when it was loaded
 * @param positions those of the events appended since, once the unit of work has appended them
 */
record Decided(
        Decision decision, OrganizationId organizationId, KnownOrganization loaded, AppendedPositions positions) {
    /** The organization after the command. Its position is right once the unit of work has been committed. */
    KnownOrganization known() {
        return positions.placed(organizationId, loaded);
    }
}
