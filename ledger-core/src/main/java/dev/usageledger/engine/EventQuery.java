package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import org.jspecify.annotations.Nullable;

/**
 * A page of an organization's events, newest first.
 *
 * @param beforeSequence only events before this one; {@code null} starts with the newest
 * @param limit how many at most
 */
public record EventQuery(
        OrganizationId organizationId, @Nullable Long beforeSequence, int limit) {}
