package dev.usageledger.projections.usage;

import dev.usageledger.organization.OrganizationId;
import java.time.Instant;

/** An organization that something falls due in by itself, and when. */
public record DueOrganization(Instant dueAt, OrganizationId organizationId) {}
