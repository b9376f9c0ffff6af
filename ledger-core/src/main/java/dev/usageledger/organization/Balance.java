package dev.usageledger.organization;

import dev.usageledger.organization.Organization.Open;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an organization has used and has left in its current period: the one place where these numbers are put
 * together, for answers and read models alike.
 *
 * @param remaining base remaining + overage remaining − held, never below 0; {@code null} when unlimited
 * @param capacity used − uncovered + base remaining + overage remaining; {@code null} when unlimited
 * @param packs those with unspent minutes, or charged in this period, in spending order
 * @param actions what would help, when nothing remains
 */
public record Balance(
        OrganizationId organizationId,
        String name,
        Plan plan,
        @Nullable Plan nextPlan,
        PeriodCalendar calendar,
        BillingPeriod period,
        Minutes used,
        @Nullable Minutes remaining,
        Minutes held,
        Minutes uncovered,
        @Nullable Minutes capacity,
        Minutes baseUsed,
        @Nullable Minutes baseRemaining,
        Minutes overageUsed,
        Minutes overageRemaining,
        List<OveragePack> packs,
        Status status,
        List<Action> actions) {

    /** {@code LOW} is at or past the first threshold; {@code EXHAUSTED} means that nothing remains. */
    public enum Status {
        OK,
        LOW,
        EXHAUSTED,
        UNLIMITED
    }

    /** The balance of an organization that has been {@linkplain OrganizationDecider#advanced advanced} to now. */
    public static Balance of(Open organization, LedgerPolicy policy) {
        Periods periods = organization.periods();
        PeriodAccount current = periods.current();
        Overage overage = organization.overage();
        Status status = status(organization, policy);
        return new Balance(
                organization.id(),
                organization.name(),
                periods.plan(),
                periods.nextPlan(),
                periods.calendar(),
                current.period(),
                current.used(),
                organization.remaining(),
                organization.holds().total(),
                current.uncovered(),
                organization.capacity(),
                current.fromBase(),
                current.baseRemaining(),
                current.overageUsed(),
                overage.remaining(),
                overage.withoutSpent(current.chargedPacks()).packs(),
                status,
                status == Status.EXHAUSTED
                        ? Admission.ofCurrent(Minutes.of(1), organization).actions()
                        : List.of());
    }

    private static Status status(Open organization, LedgerPolicy policy) {
        Minutes remaining = organization.remaining();
        if (remaining == null) {
            return Status.UNLIMITED;
        }
        if (remaining.isZero()) {
            return Status.EXHAUSTED;
        }
        boolean low = !policy.thresholds().isEmpty()
                && organization.hasUsedAtLeast(policy.thresholds().getFirst());
        return low ? Status.LOW : Status.OK;
    }
}
