package dev.usageledger.engine;

import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.Hindsight;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A correction in its organization. From when it counts, only the recording that it corrects can tell. */
record Correction(OrganizationId organizationId, long sequence, TranscriptionCorrected event) {
    /** Identifier of the event that recorded the transcription. */
    private UUID recordingId() {
        return EventId.of(organizationId, EventIdentity.transcription(event.transcriptionId()));
    }

    /** The recordings that these corrections are about, by the identifiers of their events; in one query. */
    static Map<UUID, TranscriptionRecorded> recordings(Connection connection, Collection<Correction> corrections)
            throws SQLException {
        Set<UUID> ids = new LinkedHashSet<>();
        corrections.forEach(correction -> ids.add(correction.recordingId()));
        Map<UUID, TranscriptionRecorded> recordings = new HashMap<>();
        if (!ids.isEmpty()) {
            for (RecordedEvent found : EventTable.byIds(connection, ids)) {
                if (found.event() instanceof TranscriptionRecorded e) {
                    recordings.put(found.eventId(), e);
                }
            }
        }
        return recordings;
    }

    /** @param recordings from {@link #recordings} */
    Hindsight in(Map<UUID, TranscriptionRecorded> recordings) {
        TranscriptionRecorded corrected = recordings.get(recordingId());
        if (corrected == null) {
            throw new IllegalStateException(event.transcriptionId() + " was corrected and never recorded");
        }
        return Hindsight.of(sequence, event, corrected);
    }
}
