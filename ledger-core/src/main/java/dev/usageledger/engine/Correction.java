package dev.usageledger.engine;

import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.Hindsight;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.TranscriptionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What a correction says of usage of a time before it. From when that counts, only the recording that it corrects can tell.
 *
 * @param sequence of the correction
 * @param period index of the period that counts it
 * @param minutes how many minutes more were used than had been known; negative when fewer
 */
record Correction(
        OrganizationId organizationId, TranscriptionId transcriptionId, long sequence, long period, long minutes) {

    static Correction of(OrganizationId organizationId, long sequence, TranscriptionCorrected event) {
        return new Correction(
                organizationId,
                event.transcriptionId(),
                sequence,
                event.period(),
                event.minutes().value() - event.before().value());
    }

    /** Identifier of the event that recorded the transcription. */
    private UUID recordingId() {
        return EventId.of(organizationId, EventIdentity.transcription(transcriptionId));
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
            throw new IllegalStateException(transcriptionId + " was corrected and never recorded");
        }
        return new Hindsight(sequence, corrected.countsFrom(), period, minutes);
    }
}
