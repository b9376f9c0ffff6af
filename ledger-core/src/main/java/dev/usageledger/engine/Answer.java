package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.Rejection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command came to. An {@link Answer} is given only after the commit that makes it true. */
public sealed interface Answer {
    /**
     * It is in the ledger.
     *
     * @param entry the event that answers the command; {@code null} when there was nothing to roll
     * @param events all that it led to; none for a replay
     * @param replayed whether it had been in the ledger before
     */
    record Done(@Nullable OrganizationEvent entry, List<OrganizationEvent> events, Standing standing, boolean replayed)
            implements Answer {}

    /** It was rejected and left no trace in the ledger. */
    record Refused(Rejection rejection) implements Answer {}
}
