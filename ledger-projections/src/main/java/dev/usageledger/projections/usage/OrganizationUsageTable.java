package dev.usageledger.projections.usage;

import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.Columns;
import dev.usageledger.projections.Timestamps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The statements that write {@code organization_usage}, and the one that reads states back. */
final class OrganizationUsageTable {
    static final String NAME = "organization_usage";

    private final String insert;
    private final String update;
    private final String spend;
    private final String read;

    OrganizationUsageTable(String schema) {
        this.insert = """
                INSERT INTO %s.organization_usage
                    (organization_id, status, plan_code, plan_included_minutes, plan_limit, next_plan_code,
                     period_index, period_start, period_end,
                     used_minutes, remaining_minutes, held_minutes, uncovered_minutes, capacity_minutes,
                     base_used_minutes, base_remaining_minutes, overage_used_minutes, overage_remaining_minutes,
                     members, next_due_at, last_sequence, last_position, updated_at, state,
                     name, zone, period_anchor, opened_at, opened_position)
                SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[],
                                     ?::bigint[], ?::timestamptz[], ?::timestamptz[],
                                     ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                     ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                     ?::bigint[], ?::timestamptz[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::text[],
                                     ?::text[], ?::text[], ?::timestamp[], ?::timestamptz[], ?::bigint[])
                """.formatted(schema);
        this.update = """
                UPDATE %s.organization_usage AS organization
                SET status = change.status,
                    plan_code = change.plan_code,
                    plan_included_minutes = change.plan_included,
                    plan_limit = change.plan_limit,
                    next_plan_code = change.next_plan_code,
                    period_index = change.period_index,
                    period_start = change.period_start,
                    period_end = change.period_end,
                    used_minutes = change.used,
                    remaining_minutes = change.remaining,
                    held_minutes = change.held,
                    uncovered_minutes = change.uncovered,
                    capacity_minutes = change.capacity,
                    base_used_minutes = change.base_used,
                    base_remaining_minutes = change.base_remaining,
                    overage_used_minutes = change.overage_used,
                    overage_remaining_minutes = change.overage_remaining,
                    members = change.members,
                    next_due_at = change.next_due_at,
                    last_sequence = change.last_sequence,
                    last_position = change.last_position,
                    updated_at = change.updated_at,
                    state = change.state
                FROM (SELECT
                    unnest(?::text[]) AS organization_id, unnest(?::text[]) AS status, unnest(?::text[]) AS plan_code,
                    unnest(?::bigint[]) AS plan_included, unnest(?::text[]) AS plan_limit,
                    unnest(?::text[]) AS next_plan_code, unnest(?::bigint[]) AS period_index,
                    unnest(?::timestamptz[]) AS period_start, unnest(?::timestamptz[]) AS period_end,
                    unnest(?::bigint[]) AS used, unnest(?::bigint[]) AS remaining, unnest(?::bigint[]) AS held,
                    unnest(?::bigint[]) AS uncovered, unnest(?::bigint[]) AS capacity, unnest(?::bigint[]) AS base_used,
                    unnest(?::bigint[]) AS base_remaining, unnest(?::bigint[]) AS overage_used,
                    unnest(?::bigint[]) AS overage_remaining, unnest(?::bigint[]) AS members,
                    unnest(?::timestamptz[]) AS next_due_at, unnest(?::bigint[]) AS last_sequence,
                    unnest(?::bigint[]) AS last_position, unnest(?::timestamptz[]) AS updated_at,
                    unnest(?::text[]) AS state) AS change
                WHERE organization.organization_id = change.organization_id
                """.formatted(schema);
        this.spend = """
                UPDATE %s.organization_usage AS organization
                SET status = change.status,
                    used_minutes = change.used,
                    remaining_minutes = change.remaining,
                    uncovered_minutes = change.uncovered,
                    base_used_minutes = change.base_used,
                    base_remaining_minutes = change.base_remaining,
                    last_sequence = change.last_sequence,
                    last_position = change.last_position,
                    updated_at = change.updated_at
                FROM (SELECT
                    unnest(?::text[]) AS organization_id, unnest(?::text[]) AS status, unnest(?::bigint[]) AS used,
                    unnest(?::bigint[]) AS remaining, unnest(?::bigint[]) AS uncovered,
                    unnest(?::bigint[]) AS base_used,
                    unnest(?::bigint[]) AS base_remaining, unnest(?::bigint[]) AS last_sequence,
                    unnest(?::bigint[]) AS last_position, unnest(?::timestamptz[]) AS updated_at) AS change
                WHERE organization.organization_id = change.organization_id
                """.formatted(schema);
        this.read = """
                SELECT organization_id, last_sequence, base_used_minutes, uncovered_minutes, updated_at, state
                FROM %s.organization_usage WHERE organization_id = ANY (?)
                """.formatted(schema);
    }

    /** Adds rows, with what never changes again. */
    void insert(Connection connection, Collection<UsageChange> opened) throws SQLException {
        columns(opened)
                .text(change -> change.balance().name())
                .text(change -> change.balance().calendar().zone().getId())
                .text(change -> change.balance().calendar().anchor().toString())
                .timestamp(change -> change.first().recordedAt())
                .bigint(change -> change.first().position())
                .execute(connection, insert);
    }

    void update(Connection connection, Collection<UsageChange> changed) throws SQLException {
        columns(changed).execute(connection, update);
    }

    /** Updates rows where no minutes but base and uncovered ones have changed: most of what ever happens to any. */
    void spend(Connection connection, Collection<UsageChange> changed) throws SQLException {
        Columns.of(changed)
                .text(change -> change.organization().id().value())
                .code(change -> change.balance().status())
                .bigint(change -> change.balance().used().value())
                .bigint(UsageChange::remainingMinutes)
                .bigint(change -> change.balance().uncovered().value())
                .bigint(change -> change.balance().baseUsed().value())
                .bigint(UsageChange::baseRemainingMinutes)
                .bigint(change -> change.last().sequence())
                .bigint(change -> change.last().position())
                .timestamp(change -> change.last().recordedAt())
                .execute(connection, spend);
    }

    private static Columns<UsageChange> columns(Collection<UsageChange> changes) {
        return Columns.of(changes)
                .text(change -> change.organization().id().value())
                .code(change -> change.balance().status())
                .text(change -> change.balance().plan().code())
                .bigint(UsageChange::planIncludedMinutes)
                .text(change -> change.balance().plan().limit().name())
                .text(UsageChange::nextPlanCode)
                .bigint(change -> change.balance().period().index())
                .timestamp(change -> change.balance().period().start())
                .timestamp(change -> change.balance().period().end())
                .bigint(change -> change.balance().used().value())
                .bigint(UsageChange::remainingMinutes)
                .bigint(change -> change.balance().held().value())
                .bigint(change -> change.balance().uncovered().value())
                .bigint(UsageChange::capacityMinutes)
                .bigint(change -> change.balance().baseUsed().value())
                .bigint(UsageChange::baseRemainingMinutes)
                .bigint(change -> change.balance().overageUsed().value())
                .bigint(change -> change.balance().overageRemaining().value())
                .bigint(change -> (long) change.organization().members().size())
                .timestamp(change -> change.organization().nextDueAt())
                .bigint(change -> change.last().sequence())
                .bigint(change -> change.last().position())
                .timestamp(change -> change.last().recordedAt())
                .text(change -> StoredState.json(change.organization()));
    }

    Map<OrganizationId, ProjectedOrganization> organizations(Connection connection, Collection<OrganizationId> ids)
            throws SQLException {
        Object[] asked = ids.stream().map(OrganizationId::value).toArray();
        Map<OrganizationId, ProjectedOrganization> found = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(read)) {
            query.setArray(1, connection.createArrayOf("text", asked));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.put(
                            new OrganizationId(rows.getString("organization_id")),
                            new ProjectedOrganization(
                                    StoredState.organization(
                                            rows.getString("state"),
                                            new Minutes(rows.getLong("base_used_minutes")),
                                            new Minutes(rows.getLong("uncovered_minutes")),
                                            Timestamps.read(rows, "updated_at")),
                                    rows.getLong("last_sequence")));
                }
            }
        }
        return found;
    }
}
