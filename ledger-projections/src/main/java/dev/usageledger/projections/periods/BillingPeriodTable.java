package dev.usageledger.projections.periods;

import dev.usageledger.projections.Columns;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/** The statement that writes {@code billing_periods}. */
final class BillingPeriodTable {
    static final String NAME = "billing_periods";

    private final String write;

    BillingPeriodTable(String schema) {
        // In order of the periods: one is closed before the next is open, since only one may be.
        this.write = """
                INSERT INTO %s.billing_periods AS present
                    (organization_id, period_index, status, period_start, period_end, plan_code, included_minutes,
                     used_minutes, base_minutes, overage_minutes, uncovered_minutes, lapsed_minutes,
                     late_minutes, earlier_minutes, corrections, corrected_minutes, opened_at, closed_at, amended_at)
                SELECT * FROM unnest(?::text[], ?::bigint[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::text[],
                                     ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                     ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                     ?::timestamptz[], ?::timestamptz[], ?::timestamptz[])
                    AS change (organization_id, period_index)
                ORDER BY change.organization_id, change.period_index
                ON CONFLICT (organization_id, period_index) DO UPDATE SET
                    status = excluded.status,
                    plan_code = CASE present.status WHEN 'open' THEN excluded.plan_code ELSE present.plan_code END,
                    included_minutes = excluded.included_minutes,
                    used_minutes = excluded.used_minutes,
                    base_minutes = excluded.base_minutes,
                    overage_minutes = excluded.overage_minutes,
                    uncovered_minutes = excluded.uncovered_minutes,
                    lapsed_minutes = excluded.lapsed_minutes,
                    late_minutes = present.late_minutes + excluded.late_minutes,
                    earlier_minutes = present.earlier_minutes + excluded.earlier_minutes,
                    corrections = present.corrections + excluded.corrections,
                    corrected_minutes = present.corrected_minutes + excluded.corrected_minutes,
                    closed_at = coalesce(excluded.closed_at, present.closed_at),
                    amended_at = coalesce(excluded.amended_at, present.amended_at)
                """.formatted(schema);
    }

    void write(Connection connection, Collection<StatementChange> changes) throws SQLException {
        Columns.of(changes)
                .text(StatementChange::organizationId)
                .bigint(change -> change.account().period().index())
                .code(StatementChange::status)
                .timestamp(change -> change.account().period().start())
                .timestamp(change -> change.account().period().end())
                .text(StatementChange::planCode)
                .bigint(StatementChange::includedMinutes)
                .bigint(change -> change.account().used().value())
                .bigint(change -> change.account().fromBase().value())
                .bigint(change -> change.account().overageUsed().value())
                .bigint(change -> change.account().uncovered().value())
                .bigint(StatementChange::lapsedMinutes)
                .bigint(StatementChange::lateMinutes)
                .bigint(StatementChange::earlierMinutes)
                .bigint(StatementChange::corrections)
                .bigint(StatementChange::correctedMinutes)
                .timestamp(StatementChange::at)
                .timestamp(StatementChange::closedAt)
                .timestamp(StatementChange::amendedAt)
                .execute(connection, write);
    }
}
