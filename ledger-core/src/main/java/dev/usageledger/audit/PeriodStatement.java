package dev.usageledger.audit;

import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.PeriodAccount;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one billing period has charged, in minutes.
 *
 * @param end exclusive
 * @param included base minutes of the period; {@code null} means unlimited
 * @param used base + overage + uncovered
 */
public record PeriodStatement(
        long index,
        Instant start,
        Instant end,
        @Nullable Long included,
        long used,
        long base,
        long overage,
        long uncovered) {
    static PeriodStatement of(PeriodAccount account) {
        Minutes included = account.included();
        return new PeriodStatement(
                account.period().index(),
                account.period().start(),
                account.period().end(),
                included == null ? null : Long.valueOf(included.value()),
                account.used().value(),
                account.fromBase().value(),
                account.overageUsed().value(),
                account.uncovered().value());
    }
}
