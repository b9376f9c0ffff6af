package dev.usageledger.api.http.organizations;

import dev.usageledger.api.http.answer.PeriodView;
import dev.usageledger.api.http.answer.PlanView;
import dev.usageledger.organization.Balance;
import dev.usageledger.projections.usage.OrganizationUsageRow;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** An organization in the list of all: its usage as of its last event, without the packs one by one. */
record OrganizationView(
        String organizationId,
        String name,
        Balance.Status status,
        PlanView plan,
        @Nullable String nextPlanCode,
        PeriodView period,
        long usedMinutes,
        @Nullable Long remainingMinutes,
        long heldMinutes,
        long uncoveredMinutes,
        @Nullable Long capacityMinutes,
        Base base,
        Overage overage,
        @Nullable Double usedShare,
        long members,
        Instant openedAt,
        Instant updatedAt,
        long position) {
    record Base(
            @Nullable Long included, long used, @Nullable Long remaining) {}

    record Overage(long remaining, long used) {}

    static OrganizationView of(OrganizationUsageRow row) {
        return new OrganizationView(
                row.organizationId(),
                row.name(),
                row.status(),
                new PlanView(row.planCode(), row.planIncludedMinutes(), row.planLimit()),
                row.nextPlanCode(),
                new PeriodView(row.periodStart(), row.periodEnd(), ZoneId.of(row.zone())),
                row.usedMinutes(),
                row.remainingMinutes(),
                row.heldMinutes(),
                row.uncoveredMinutes(),
                row.capacityMinutes(),
                new Base(row.planIncludedMinutes(), row.baseUsedMinutes(), row.baseRemainingMinutes()),
                new Overage(row.overageRemainingMinutes(), row.overageUsedMinutes()),
                row.usedShare(),
                row.members(),
                row.openedAt(),
                row.updatedAt(),
                row.lastPosition());
    }
}
