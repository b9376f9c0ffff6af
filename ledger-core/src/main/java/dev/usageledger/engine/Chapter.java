package dev.usageledger.engine;

import dev.usageledger.organization.Hindsight;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of {@value #EVENTS} events of one organization. Chapter 0 begins with the first event.
 *
 * @param end the organization after the last of them
 * @param delayedSince the earliest moment from which usage in it counts that was recorded soon after; {@code null} when
 *     all usage was recorded at once or late
 * @param late corrections, and usage that was recorded long after it took effect
 */
record Chapter(long number, KnownOrganization end, @Nullable Instant delayedSince, List<Hindsight> late) {
    static final int EVENTS = 500;

    /** How many chapters are complete once the event at {@code sequence} is there. */
    static long completeAfter(long sequence) {
        return (sequence + 1) / EVENTS;
    }

    /** The chapter that an event stands in. */
    static long of(long sequence) {
        return sequence / EVENTS;
    }

    static long lastSequence(long number) {
        return (number + 1) * EVENTS - 1;
    }
}
