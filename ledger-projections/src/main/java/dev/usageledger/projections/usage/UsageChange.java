package dev.usageledger.projections.usage;

import dev.usageledger.organization.Balance;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization.NotOpened;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.Periods;
import dev.usageledger.organization.Plan;
import dev.usageledger.projections.Step;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What steps make of one organization's row.
 *
 * @param first the first of them: the opening, if the row is new
 * @param last the last of them
 * @param balance after the last
 */
record UsageChange(Step first, Step last, Balance balance) {
    /** How much of a row changes. */
    enum Extent {
        /** All of it: the organization has just been opened. */
        NEW,
        /** Base minutes used and left, status, and what the last event was. */
        BASE,
        ANYTHING
    }

    static UsageChange of(Step first, Step last, LedgerPolicy policy) {
        return new UsageChange(first, last, Balance.of(last.after(), policy));
    }

    Extent extent() {
        return switch (first.before()) {
            case NotOpened none -> Extent.NEW;
            case Open before -> isOfBaseAlone(before, organization()) ? Extent.BASE : Extent.ANYTHING;
        };
    }

    /** Whatever an event has not touched is still the same object. */
    private static boolean isOfBaseAlone(Open before, Open after) {
        return before.overage() == after.overage()
                && before.holds() == after.holds()
                && before.members() == after.members()
                && isOfBaseAlone(before.periods(), after.periods())
                && Objects.equals(before.capacity(), after.capacity());
    }

    private static boolean isOfBaseAlone(Periods before, Periods after) {
        return before.plan() == after.plan()
                && before.nextPlan() == after.nextPlan()
                && before.current().period() == after.current().period()
                && before.current().overageUsed().equals(after.current().overageUsed())
                && before.current().uncovered().equals(after.current().uncovered());
    }

    Open organization() {
        return last.after();
    }

    @Nullable
    Long planIncludedMinutes() {
        return value(balance.plan().includedMinutes());
    }

    @Nullable
    String nextPlanCode() {
        Plan next = balance.nextPlan();
        return next == null ? null : next.code();
    }

    @Nullable
    Long remainingMinutes() {
        return value(balance.remaining());
    }

    @Nullable
    Long capacityMinutes() {
        return value(balance.capacity());
    }

    @Nullable
    Long baseRemainingMinutes() {
        return value(balance.baseRemaining());
    }

    private static @Nullable Long value(@Nullable Minutes minutes) {
        return minutes == null ? null : minutes.value();
    }
}
