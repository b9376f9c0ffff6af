package dev.usageledger.organization;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a command. */
public sealed interface Decision {
    /**
     * It happened.
     *
     * @param events all that happened, in order: what was due, then what was asked, then thresholds
     * @param entry the event that answers the command; {@code null} when nothing was due to roll
     * @param organization the organization after these events
     */
    record Accepted(
            List<OrganizationEvent> events, @Nullable OrganizationEvent entry, Organization.Open organization)
            implements Decision {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    /** It had happened before: nothing changed, and {@code entry} is what it came to then. */
    record Replayed(OrganizationEvent entry) implements Decision {}

    /** It did not happen. */
    record Rejected(Rejection reason) implements Decision {}
}
