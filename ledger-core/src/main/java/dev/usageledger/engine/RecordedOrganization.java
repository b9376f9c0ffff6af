package dev.usageledger.engine;

import dev.usageledger.organization.Organization.Open;

/**
 * An organization as of its last event.
 *
 * @param sequence of that event within the organization
 * @param position of the same event within the ledger
 */
public record RecordedOrganization(Open organization, long sequence, long position) {}
