package dev.usageledger.projections.usage;

import dev.usageledger.organization.Balance;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization.NotOpened;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.Plan;
import dev.usageledger.projections.Step;
import org.jspecify.annotations.Nullable;

/**
 * What steps make of one organization's row.
 *
 * @param first the first of them: the opening, if the row is new
 * @param last the last of them
 * @param balance after the last
 */
record UsageChange(Step first, Step last, Balance balance) {
    static UsageChange of(Step first, Step last, LedgerPolicy policy) {
        return new UsageChange(first, last, Balance.of(last.after(), policy));
    }

    boolean isNew() {
        return first.before() instanceof NotOpened;
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
