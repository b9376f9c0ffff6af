package dev.usageledger.projections.usage;

import dev.usageledger.organization.Balance;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization.NotOpened;
import dev.usageledger.organization.Organization.Open;
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
        /** Base and uncovered minutes, status, and what the last event was. */
        BASE_AND_UNCOVERED,
        ANYTHING
    }

    static UsageChange of(Step first, Step last, LedgerPolicy policy) {
        return new UsageChange(first, last, Balance.of(last.after(), policy));
    }

    Extent extent() {
        return switch (first.before()) {
            case NotOpened none -> Extent.NEW;
            case Open before ->
                isOfBaseAndUncovered(before, organization()) ? Extent.BASE_AND_UNCOVERED : Extent.ANYTHING;
        };
    }

    private static boolean isOfBaseAndUncovered(Open before, Open after) {
        return StoredState.isSame(before, after) && Objects.equals(before.capacity(), after.capacity());
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
