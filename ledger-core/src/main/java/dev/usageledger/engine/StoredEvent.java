package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import java.time.Instant;

/**
 * What happened, and where it stands: of a {@link RecordedEvent} the part that states are made of.
 *
 * @param position its place among all events of the ledger
 * @param sequence its place within its organization: 0, 1, 2 … without gaps
 */
public record StoredEvent(long position, OrganizationId organizationId, long sequence, OrganizationEvent event) {
    public Instant recordedAt() {
        return event.recordedAt();
    }
}
