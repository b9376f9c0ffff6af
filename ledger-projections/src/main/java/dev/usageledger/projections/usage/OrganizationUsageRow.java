package dev.usageledger.projections.usage;

import dev.usageledger.organization.Balance;
import dev.usageledger.organization.Plan;
import dev.usageledger.projections.Codes;
import dev.usageledger.projections.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code reporting.organization_usage}, as of the organization's last event: what has fallen due since and is
 * not recorded yet is not in it. The numbers mean what they mean in {@link Balance}.
 *
 * @param planIncludedMinutes {@code null} means unlimited, as it does for remaining, capacity and base remaining
 * @param nextDueAt when something next happens by itself: a hold or a pack expires, or the period ends
 * @param usedShare used / capacity; {@code null} when unlimited, 1 when there is usage but no capacity
 * @param lastSequence of the last event that is in the row, within the organization
 * @param lastPosition of the same event, within the ledger
 * @param updatedAt when it was recorded
 */
public record OrganizationUsageRow(
        String organizationId,
        String name,
        Balance.Status status,
        String planCode,
        @Nullable Long planIncludedMinutes,
        Plan.Limit planLimit,
        @Nullable String nextPlanCode,
        String zone,
        LocalDateTime periodAnchor,
        long periodIndex,
        Instant periodStart,
        Instant periodEnd,
        long usedMinutes,
        @Nullable Long remainingMinutes,
        long heldMinutes,
        long uncoveredMinutes,
        @Nullable Long capacityMinutes,
        long baseUsedMinutes,
        @Nullable Long baseRemainingMinutes,
        long overageUsedMinutes,
        long overageRemainingMinutes,
        @Nullable Double usedShare,
        long members,
        Instant nextDueAt,
        Instant openedAt,
        long openedPosition,
        long lastSequence,
        long lastPosition,
        Instant updatedAt) {
    static OrganizationUsageRow read(ResultSet row, int number) throws SQLException {
        return new OrganizationUsageRow(
                row.getString("organization_id"),
                row.getString("name"),
                Codes.read(Balance.Status.class, row.getString("status")),
                row.getString("plan_code"),
                row.getObject("plan_included_minutes", Long.class),
                Plan.Limit.valueOf(row.getString("plan_limit")),
                row.getString("next_plan_code"),
                row.getString("zone"),
                row.getObject("period_anchor", LocalDateTime.class),
                row.getLong("period_index"),
                Timestamps.read(row, "period_start"),
                Timestamps.read(row, "period_end"),
                row.getLong("used_minutes"),
                row.getObject("remaining_minutes", Long.class),
                row.getLong("held_minutes"),
                row.getLong("uncovered_minutes"),
                row.getObject("capacity_minutes", Long.class),
                row.getLong("base_used_minutes"),
                row.getObject("base_remaining_minutes", Long.class),
                row.getLong("overage_used_minutes"),
                row.getLong("overage_remaining_minutes"),
                row.getObject("used_share", Double.class),
                row.getLong("members"),
                Timestamps.read(row, "next_due_at"),
                Timestamps.read(row, "opened_at"),
                row.getLong("opened_position"),
                row.getLong("last_sequence"),
                row.getLong("last_position"),
                Timestamps.read(row, "updated_at"));
    }
}
