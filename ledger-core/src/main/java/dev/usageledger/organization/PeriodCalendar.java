package dev.usageledger.organization;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;

/**
 * An organization's billing periods: period <i>k</i> is [anchor + k months, anchor + (k+1) months) in its zone, each
 * computed from the anchor and never from the period before, so an anchor on the 31st gives 31 Jan, 28 Feb, 31 Mar.
 * A local time that the zone skips moves to the next valid one; one that occurs twice means the earlier.
 */
public record PeriodCalendar(ZoneId zone, LocalDateTime anchor) {
    private static final int EARLIEST_YEAR = 1900;
    private static final int LATEST_YEAR = 2999;

    public PeriodCalendar {
        if (anchor.getYear() < EARLIEST_YEAR || anchor.getYear() > LATEST_YEAR) {
            throw new IllegalArgumentException(
                    "periodAnchor must be from " + EARLIEST_YEAR + " to " + LATEST_YEAR + ": " + anchor);
        }
    }

    public BillingPeriod period(long index) {
        return new BillingPeriod(index, start(index), start(index + 1));
    }

    public BillingPeriod periodContaining(Instant instant) {
        long index = ChronoUnit.MONTHS.between(anchor, LocalDateTime.ofInstant(instant, zone));
        // The month count ignores clamped days and offsets, so it can be one off, in either direction.
        while (start(index).isAfter(instant)) {
            index--;
        }
        while (!start(index + 1).isAfter(instant)) {
            index++;
        }
        return period(index);
    }

    private Instant start(long index) {
        LocalDateTime local = anchor.plusMonths(index);
        ZoneOffsetTransition transition = zone.getRules().getTransition(local);
        return transition != null && transition.isGap()
                ? transition.getInstant()
                : ZonedDateTime.ofLocal(local, zone, null).toInstant();
    }
}
