package dev.usageledger.organization;

import java.time.Instant;

/**
 * One billing period: from {@code start} (inclusive) to {@code end} (exclusive).
 *
 * @param index which one, counted from the organization's anchor; may be negative
 */
public record BillingPeriod(long index, Instant start, Instant end) {
    public boolean contains(Instant instant) {
        return !instant.isBefore(start) && instant.isBefore(end);
    }
}
