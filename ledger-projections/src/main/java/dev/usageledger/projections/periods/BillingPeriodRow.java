package dev.usageledger.projections.periods;

import dev.usageledger.projections.Codes;
import dev.usageledger.projections.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code reporting.billing_periods}: the statement of one period. Used minutes are always base, overage and
 * uncovered minutes.
 *
 * @param includedMinutes {@code null} means unlimited
 * @param lapsedMinutes base minutes that nobody spent; {@code null} while the period is open
 * @param lateMinutes recorded after the period had closed, and still in this statement
 * @param earlierMinutes of an earlier period, too late for its statement, and so in this one
 * @param corrections how many corrections have changed this statement
 * @param correctedMinutes what they changed in all; negative when they gave minutes back
 * @param openedAt when the roll into the period was recorded, or the organization opened
 * @param closedAt when the roll out of it was recorded; {@code null} while it is open
 * @param amendedAt when something last changed the statement after it had closed; {@code null} when nothing did
 */
public record BillingPeriodRow(
        String organizationId,
        long periodIndex,
        Status status,
        Instant periodStart,
        Instant periodEnd,
        String planCode,
        @Nullable Long includedMinutes,
        long usedMinutes,
        long baseMinutes,
        long overageMinutes,
        long uncoveredMinutes,
        @Nullable Long lapsedMinutes,
        long lateMinutes,
        long earlierMinutes,
        long corrections,
        long correctedMinutes,
        Instant openedAt,
        @Nullable Instant closedAt,
        @Nullable Instant amendedAt) {
    /** Whether a period still runs. */
    public enum Status {
        OPEN,
        CLOSED
    }

    static BillingPeriodRow read(ResultSet row, int number) throws SQLException {
        return new BillingPeriodRow(
                row.getString("organization_id"),
                row.getLong("period_index"),
                Codes.read(Status.class, row.getString("status")),
                Timestamps.read(row, "period_start"),
                Timestamps.read(row, "period_end"),
                row.getString("plan_code"),
                row.getObject("included_minutes", Long.class),
                row.getLong("used_minutes"),
                row.getLong("base_minutes"),
                row.getLong("overage_minutes"),
                row.getLong("uncovered_minutes"),
                row.getObject("lapsed_minutes", Long.class),
                row.getLong("late_minutes"),
                row.getLong("earlier_minutes"),
                row.getLong("corrections"),
                row.getLong("corrected_minutes"),
                Timestamps.read(row, "opened_at"),
                Timestamps.readNullable(row, "closed_at"),
                Timestamps.readNullable(row, "amended_at"));
    }
}
