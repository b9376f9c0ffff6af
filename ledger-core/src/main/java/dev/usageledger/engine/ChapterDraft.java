package dev.usageledger.engine;

import dev.usageledger.organization.Hindsight;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a chapter says up to one of its events. It goes along with its organization, so that a chapter can be written
 * without reading its events again.
 *
 * @param whole whether it has seen every event of the chapter so far; if not, it says nothing
 * @param delayed usage that was recorded soon after it took effect; {@code null} when there is none
 * @param late usage that was recorded long after it took effect
 * @param corrections of transcriptions, of which they do not say from when they count
 */
record ChapterDraft(boolean whole, @Nullable Delayed delayed, List<Hindsight> late, List<Correction> corrections) {
    static final ChapterDraft BEGUN = new ChapterDraft(true, null, List.of(), List.of());
    static final ChapterDraft UNKNOWN = new ChapterDraft(false, null, List.of(), List.of());

    /** Usage recorded later than that stands in its chapter one by one. */
    private static final Duration SOON = Duration.ofMinutes(10);

    /**
     * Usage as a whole.
     *
     * @param since the earliest moment from which some of it counts
     * @param until the latest such moment
     * @param minutes by the index of the period that counts them
     */
    record Delayed(Instant since, Instant until, Map<Long, Long> minutes) {
        private static Delayed of(Hindsight usage) {
            return new Delayed(usage.effectiveAt(), usage.effectiveAt(), Map.of(usage.period(), usage.minutes()));
        }

        private Delayed and(Hindsight usage) {
            Instant moment = usage.effectiveAt();
            Map<Long, Long> sums = new TreeMap<>(minutes);
            sums.merge(usage.period(), usage.minutes(), Math::addExact);
            return new Delayed(moment.isBefore(since) ? moment : since, moment.isAfter(until) ? moment : until, sums);
        }
    }

    ChapterDraft after(OrganizationId organizationId, long sequence, OrganizationEvent event) {
        if (!whole) {
            return this;
        } else if (event instanceof TranscriptionCorrected e) {
            return new ChapterDraft(true, delayed, late, with(corrections, Correction.of(organizationId, sequence, e)));
        } else if (event instanceof TranscriptionRecorded e && e.countsFrom().isBefore(e.recordedAt())) {
            Hindsight usage = Hindsight.of(sequence, e);
            return e.countsFrom().isBefore(e.recordedAt().minus(SOON))
                    ? new ChapterDraft(true, delayed, with(late, usage), corrections)
                    : new ChapterDraft(
                            true, delayed == null ? Delayed.of(usage) : delayed.and(usage), late, corrections);
        }
        return this;
    }

    private static <T> List<T> with(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list.size() + 1);
        longer.addAll(list);
        longer.add(last);
        return Collections.unmodifiableList(longer);
    }

    /** How much memory it takes, as the number of facts that it keeps one by one. */
    int size() {
        return late.size() + corrections.size();
    }
}
