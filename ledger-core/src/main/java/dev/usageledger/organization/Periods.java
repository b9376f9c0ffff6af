package dev.usageledger.organization;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of an organization that a billing period governs: its plan, the current period, and the one just closed.
 * Overage packs are not here, so rolling a period cannot touch them.
 *
 * @param nextPlan the plan that comes into force at the next roll; {@code null} when the present one stays
 * @param previous the period just closed; {@code null} until the first roll
 * @param thresholdsReached percentages announced in the current period and not re-armed since, ascending
 */
public record Periods(
        PeriodCalendar calendar,
        Plan plan,
        @Nullable Plan nextPlan,
        PeriodAccount current,
        @Nullable PeriodAccount previous,
        List<Integer> thresholdsReached) {

    public Periods {
        thresholdsReached = List.copyOf(thresholdsReached);
    }

    static Periods opened(PeriodCalendar calendar, Plan plan, BillingPeriod period) {
        return new Periods(calendar, plan, null, PeriodAccount.empty(period, plan), null, List.of());
    }

    /** The plan that the next period starts with. */
    public Plan planAfterRoll() {
        return nextPlan == null ? plan : nextPlan;
    }

    boolean isCurrent(long periodIndex) {
        return current.period().index() == periodIndex;
    }

    /** @throws IllegalStateException when the period is neither the current one nor the one just closed. */
    PeriodAccount account(long periodIndex) {
        return isCurrent(periodIndex) ? current : previousAt(periodIndex);
    }

    /** The period just closed, while usage and corrections may still reach it; otherwise {@code null}. */
    @Nullable
    PeriodAccount stillReachable(Instant at, Duration lateWindow) {
        return at.isAfter(current.period().start().plus(lateWindow)) ? null : previous;
    }

    /** The packs that the current period and the one just closed have charged. */
    Set<PurchaseId> chargedPacks() {
        Set<PurchaseId> charged = current.chargedPacks();
        if (previous != null) {
            charged.addAll(previous.chargedPacks());
        }
        return charged;
    }

    Periods rolled(BillingPeriod opened, Plan nowInForce) {
        return new Periods(calendar, nowInForce, null, PeriodAccount.empty(opened, nowInForce), current, List.of());
    }

    Periods charged(long periodIndex, Charge charge) {
        return isCurrent(periodIndex)
                ? withCurrent(current.charged(charge))
                : withPrevious(previousAt(periodIndex).charged(charge));
    }

    Periods givenBack(long periodIndex, Charge charge) {
        return isCurrent(periodIndex)
                ? withCurrent(current.givenBack(charge))
                : withPrevious(previousAt(periodIndex).givenBack(charge));
    }

    Periods coveredByOverage(List<PackCharge> charges) {
        return charges.isEmpty() ? this : withCurrent(current.coveredByOverage(charges));
    }

    Periods onPlan(Plan newPlan, Minutes covered) {
        return new Periods(calendar, newPlan, null, current.onPlan(newPlan, covered), previous, thresholdsReached);
    }

    Periods withNextPlan(Plan waiting) {
        return new Periods(calendar, plan, waiting, current, previous, thresholdsReached);
    }

    Periods reached(int percent) {
        List<Integer> more = new ArrayList<>(thresholdsReached);
        more.add(percent);
        more.sort(null);
        return withThresholds(more);
    }

    Periods rearmed(List<Integer> percents) {
        return percents.isEmpty()
                ? this
                : withThresholds(thresholdsReached.stream()
                        .filter(percent -> !percents.contains(percent))
                        .toList());
    }

    private PeriodAccount previousAt(long periodIndex) {
        if (previous == null || previous.period().index() != periodIndex) {
            throw new IllegalStateException("period " + periodIndex + " is closed for good");
        }
        return previous;
    }

    private Periods withCurrent(PeriodAccount account) {
        return new Periods(calendar, plan, nextPlan, account, previous, thresholdsReached);
    }

    private Periods withPrevious(PeriodAccount account) {
        return new Periods(calendar, plan, nextPlan, current, account, thresholdsReached);
    }

    private Periods withThresholds(List<Integer> percents) {
        return new Periods(calendar, plan, nextPlan, current, previous, percents);
    }
}
