package dev.usageledger.api.http.answer;

import dev.usageledger.organization.BillingPeriod;
import dev.usageledger.organization.PeriodCalendar;
import java.time.Instant;
import java.time.ZoneId;

/** A billing period: from {@code start} (inclusive) to {@code end} (exclusive), cut in {@code zone}. */
public record PeriodView(Instant start, Instant end, ZoneId zone) {
    public static PeriodView of(BillingPeriod period, PeriodCalendar calendar) {
        return new PeriodView(period.start(), period.end(), calendar.zone());
    }
}
