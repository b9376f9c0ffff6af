package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import java.util.Map;
import java.util.UUID;

/**
 * An event as it stands in the store.
 *
 * @param position its place among all events of the ledger; ascending, with gaps where a commit failed
 * @param sequence its place within its organization: 0, 1, 2 … without gaps
 * @param eventId the same for the same {@link OrganizationEvent#identity()}, so that nothing is recorded twice
 * @param metadata who sent the command and why
 */
public record RecordedEvent(
        long position,
        OrganizationId organizationId,
        long sequence,
        UUID eventId,
        OrganizationEvent event,
        Map<String, String> metadata) {
    /** The same without who sent the command and why. */
    public StoredEvent stored() {
        return new StoredEvent(position, organizationId, sequence, event);
    }
}
