package dev.usageledger.projections;

import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import java.time.Instant;

/**
 * An event, with its organization before and after it. Read models take every number from there or from the event, so
 * there is no second arithmetic that could disagree with the domain's.
 */
public record Step(RecordedEvent recorded, Organization before, Open after) {
    public OrganizationEvent event() {
        return recorded.event();
    }

    public OrganizationId organizationId() {
        return recorded.organizationId();
    }

    public long position() {
        return recorded.position();
    }

    public Instant recordedAt() {
        return recorded.event().recordedAt();
    }
}
