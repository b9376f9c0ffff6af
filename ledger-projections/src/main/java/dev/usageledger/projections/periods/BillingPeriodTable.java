package dev.usageledger.projections.periods;

import dev.usageledger.projections.Columns;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/** The statements that write {@code billing_periods}. */
final class BillingPeriodTable {
    static final String NAME = "billing_periods";

    private final String insert;
    private final String update;
    private final String charge;

    BillingPeriodTable(String schema) {
        this.insert = """
                INSERT INTO %s.billing_periods
                    (organization_id, period_index, status, plan_code, included_minutes,
                     used_minutes, base_minutes, overage_minutes, uncovered_minutes, lapsed_minutes,
                     late_minutes, earlier_minutes, corrections, corrected_minutes, closed_at, amended_at,
                     period_start, period_end, opened_at)
                SELECT * FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[],
                                     ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                     ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                     ?::timestamptz[], ?::timestamptz[],
                                     ?::timestamptz[], ?::timestamptz[], ?::timestamptz[])
                """.formatted(schema);
        this.update = """
                UPDATE %s.billing_periods AS present
                SET status = change.status,
                    plan_code = CASE present.status WHEN 'open' THEN change.plan_code ELSE present.plan_code END,
                    included_minutes = change.included,
                    used_minutes = change.used,
                    base_minutes = change.base,
                    overage_minutes = change.overage,
                    uncovered_minutes = change.uncovered,
                    lapsed_minutes = change.lapsed,
                    late_minutes = present.late_minutes + change.late,
                    earlier_minutes = present.earlier_minutes + change.earlier,
                    corrections = present.corrections + change.corrections,
                    corrected_minutes = present.corrected_minutes + change.corrected,
                    closed_at = coalesce(change.closed_at, present.closed_at),
                    amended_at = coalesce(change.amended_at, present.amended_at)
                FROM (SELECT
                    unnest(?::text[]) AS organization_id, unnest(?::bigint[]) AS period_index,
                    unnest(?::text[]) AS status, unnest(?::text[]) AS plan_code, unnest(?::bigint[]) AS included,
                    unnest(?::bigint[]) AS used, unnest(?::bigint[]) AS base, unnest(?::bigint[]) AS overage,
                    unnest(?::bigint[]) AS uncovered, unnest(?::bigint[]) AS lapsed, unnest(?::bigint[]) AS late,
                    unnest(?::bigint[]) AS earlier, unnest(?::bigint[]) AS corrections,
                    unnest(?::bigint[]) AS corrected, unnest(?::timestamptz[]) AS closed_at,
                    unnest(?::timestamptz[]) AS amended_at) AS change
                WHERE present.organization_id = change.organization_id
                    AND present.period_index = change.period_index
                """.formatted(schema);
        this.charge = """
                UPDATE %s.billing_periods AS present
                SET used_minutes = change.used,
                    base_minutes = change.base,
                    overage_minutes = change.overage,
                    uncovered_minutes = change.uncovered
                FROM (SELECT
                    unnest(?::text[]) AS organization_id, unnest(?::bigint[]) AS period_index,
                    unnest(?::bigint[]) AS used, unnest(?::bigint[]) AS base, unnest(?::bigint[]) AS overage,
                    unnest(?::bigint[]) AS uncovered) AS change
                WHERE present.organization_id = change.organization_id
                    AND present.period_index = change.period_index
                """.formatted(schema);
    }

    void insert(Connection connection, Collection<StatementChange> opened) throws SQLException {
        columns(opened)
                .timestamp(change -> change.account().period().start())
                .timestamp(change -> change.account().period().end())
                .timestamp(StatementChange::openedAt)
                .execute(connection, insert);
    }

    /** Adds to the counts of rows that are there, and sets all the rest. */
    void update(Connection connection, Collection<StatementChange> changed) throws SQLException {
        columns(changed).execute(connection, update);
    }

    /** Updates rows of which nothing but what was charged has changed. */
    void charge(Connection connection, Collection<StatementChange> charged) throws SQLException {
        Columns.of(charged)
                .text(StatementChange::organizationId)
                .bigint(change -> change.account().period().index())
                .bigint(change -> change.account().used().value())
                .bigint(change -> change.account().fromBase().value())
                .bigint(change -> change.account().overageUsed().value())
                .bigint(change -> change.account().uncovered().value())
                .execute(connection, charge);
    }

    private static Columns<StatementChange> columns(Collection<StatementChange> changes) {
        return Columns.of(changes)
                .text(StatementChange::organizationId)
                .bigint(change -> change.account().period().index())
                .code(StatementChange::status)
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
                .timestamp(StatementChange::closedAt)
                .timestamp(StatementChange::amendedAt);
    }
}
