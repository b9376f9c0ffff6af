package dev.usageledger.organization;

import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import java.time.Instant;

/**
 * What one event says about usage of a time that lies before it: usage that was recorded late, or a cost that turned
 * out to be another.
 *
 * @param sequence of the event
 * @param effectiveAt from when the usage counts
 * @param period index of the period that counts it
 * @param minutes how many minutes more were used than had been known; negative when fewer
 */
public record Hindsight(long sequence, Instant effectiveAt, long period, long minutes) {
    public static Hindsight of(long sequence, TranscriptionRecorded recorded) {
        return new Hindsight(
                sequence,
                recorded.countsFrom(),
                recorded.period(),
                recorded.minutes().value());
    }
}
