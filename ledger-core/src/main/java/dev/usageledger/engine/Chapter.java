package dev.usageledger.engine;

import dev.usageledger.engine.ChapterDraft.Delayed;
import dev.usageledger.organization.Hindsight;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of {@value #EVENTS} events of one organization. Chapter 0 begins with the first event.
 *
 * @param end the organization after the last of them
 * @param late corrections, and usage that was recorded long after it took effect
 */
record Chapter(KnownOrganization end, List<Hindsight> late) {
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

    long number() {
        return of(end.sequence());
    }

    /** The earliest moment from which usage in it counts that was recorded soon after; {@code null} when there is none. */
    @Nullable
    Instant delayedSince() {
        return delayed().map(Delayed::since).orElse(null);
    }

    /** The earliest moment from which something in {@link #late} counts; {@code null} when that is empty. */
    @Nullable
    Instant lateSince() {
        return late.stream()
                .map(Hindsight::effectiveAt)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** The moment from which all counts that was delayed or late; {@code null} when nothing was. */
    @Nullable
    Instant allSince() {
        return Stream.concat(
                        delayed().stream().map(Delayed::until), late.stream().map(Hindsight::effectiveAt))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** The minutes of all that was delayed or late, by the index of the period that counts them. */
    SortedMap<Long, Long> minutes() {
        SortedMap<Long, Long> sums =
                new TreeMap<>(delayed().map(Delayed::minutes).orElse(Map.of()));
        late.forEach(hindsight -> sums.merge(hindsight.period(), hindsight.minutes(), Math::addExact));
        return sums;
    }

    private Optional<Delayed> delayed() {
        return Optional.ofNullable(end.draft().delayed());
    }
}
