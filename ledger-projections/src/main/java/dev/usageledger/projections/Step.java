package dev.usageledger.projections;

import dev.usageledger.engine.StoredEvent;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import java.time.Instant;

/**
 * An event, with its organization before and after it. Read models take every number from there or from the event, so
 * there is no second arithmetic that could disagree with the domain's.
 */
public record Step(StoredEvent stored, Organization before, Open after) {
    /**
     * What an event makes of its organization.
     *
     * @param lastSequence of the event before it; −1 when it is the first
     * @throws MissingEventException when it is not the next
     */
    public static Step of(Organization before, long lastSequence, StoredEvent event) {
        if (event.sequence() != lastSequence + 1) {
            throw new MissingEventException(event, lastSequence);
        }
        return new Step(event, before, (Open) OrganizationDecider.evolve(before, event.event()));
    }

    public OrganizationEvent event() {
        return stored.event();
    }

    public OrganizationId organizationId() {
        return stored.organizationId();
    }

    public long position() {
        return stored.position();
    }

    public long sequence() {
        return stored.sequence();
    }

    public Instant recordedAt() {
        return stored.recordedAt();
    }
}
