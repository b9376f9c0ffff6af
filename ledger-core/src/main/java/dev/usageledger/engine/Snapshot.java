package dev.usageledger.engine;

import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationId;

/**
 * An organization as the write side has put it aside, to load it faster.
 *
 * @param sequence of the last event that is in it
 * @param position of the same event
 */
public record Snapshot(OrganizationId organizationId, Open organization, long sequence, long position) {}
