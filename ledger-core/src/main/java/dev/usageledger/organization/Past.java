package dev.usageledger.organization;

import dev.usageledger.organization.OrganizationCommand.CorrectTranscription;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What deciding one command needs of the past beyond the organization's state, looked up by identifier and handed in as
 * data.
 *
 * @param events the events under the identities that {@link OrganizationCommand#recalls()} names
 * @param lastCorrection for a correction: the one of the same transcription before it; {@code null} when there is none
 */
public record Past(
        Map<EventIdentity, OrganizationEvent> events,
        @Nullable TranscriptionCorrected lastCorrection) {
    public static final Past NOTHING = new Past(Map.of(), null);

    public Past {
        events = Map.copyOf(events);
    }

    /** What {@code command} needs of this history of its organization. */
    public static Past recalled(OrganizationCommand command, Iterable<? extends OrganizationEvent> history) {
        Set<EventIdentity> wanted = command.recalls();
        Map<EventIdentity, OrganizationEvent> found = new HashMap<>();
        TranscriptionCorrected last = null;
        for (OrganizationEvent event : history) {
            EventIdentity identity = event.identity();
            if (identity != null && wanted.contains(identity)) {
                found.put(identity, event);
            }
            if (command instanceof CorrectTranscription correct
                    && event instanceof TranscriptionCorrected corrected
                    && corrected.transcriptionId().equals(correct.transcriptionId())) {
                last = corrected;
            }
        }
        return new Past(found, last);
    }

    /** What an earlier send of this command left; {@code null} when it comes for the first time. */
    @Nullable
    OrganizationEvent original(OrganizationCommand command) {
        EventIdentity own = command.identity();
        return own == null ? null : events.get(own);
    }

    @Nullable
    OrganizationEvent find(EventIdentity identity) {
        return events.get(identity);
    }
}
