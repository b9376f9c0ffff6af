package dev.usageledger.projections;

import dev.usageledger.engine.StoredEvent;

/** An organization's events are not all there: to go on would be to lose what is missing. */
public final class MissingEventException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    MissingEventException(StoredEvent event, long lastSequence) {
        super("event %d of organization %s follows event %d: one is missing"
                .formatted(event.sequence(), event.organizationId(), lastSequence));
    }
}
