package dev.usageledger.projections.usage;

import dev.usageledger.engine.OrganizationCodec;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.Columns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements that write {@code organization_usage}, and the one that reads states back. */
final class OrganizationUsageTable {
    static final String NAME = "organization_usage";

    private final String write;
    private final String read;

    OrganizationUsageTable(String schema) {
        this.write = """
                INSERT INTO %s.organization_usage
                    (organization_id, name, status, plan_code, plan_included_minutes, plan_limit, next_plan_code,
                     zone, period_anchor, period_index, period_start, period_end,
                     used_minutes, remaining_minutes, held_minutes, uncovered_minutes, capacity_minutes,
                     base_used_minutes, base_remaining_minutes, overage_used_minutes, overage_remaining_minutes,
                     members, next_due_at, opened_at, opened_position, last_sequence, last_position, updated_at, state)
                SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[],
                                     ?::text[], ?::timestamp[], ?::bigint[], ?::timestamptz[], ?::timestamptz[],
                                     ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                     ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                     ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::bigint[], ?::bigint[],
                                     ?::bigint[], ?::timestamptz[], ?::jsonb[])
                ON CONFLICT (organization_id) DO UPDATE SET
                    name = excluded.name,
                    status = excluded.status,
                    plan_code = excluded.plan_code,
                    plan_included_minutes = excluded.plan_included_minutes,
                    plan_limit = excluded.plan_limit,
                    next_plan_code = excluded.next_plan_code,
                    zone = excluded.zone,
                    period_anchor = excluded.period_anchor,
                    period_index = excluded.period_index,
                    period_start = excluded.period_start,
                    period_end = excluded.period_end,
                    used_minutes = excluded.used_minutes,
                    remaining_minutes = excluded.remaining_minutes,
                    held_minutes = excluded.held_minutes,
                    uncovered_minutes = excluded.uncovered_minutes,
                    capacity_minutes = excluded.capacity_minutes,
                    base_used_minutes = excluded.base_used_minutes,
                    base_remaining_minutes = excluded.base_remaining_minutes,
                    overage_used_minutes = excluded.overage_used_minutes,
                    overage_remaining_minutes = excluded.overage_remaining_minutes,
                    members = excluded.members,
                    next_due_at = excluded.next_due_at,
                    last_sequence = excluded.last_sequence,
                    last_position = excluded.last_position,
                    updated_at = excluded.updated_at,
                    state = excluded.state
                """.formatted(schema);
        this.read = """
                SELECT organization_id, last_sequence, state FROM %s.organization_usage WHERE organization_id = ANY (?)
                """.formatted(schema);
    }

    /** Opening time and position are inserted only: a later change knows nothing of them. */
    void write(Connection connection, List<UsageChange> changes) throws SQLException {
        Columns.of(changes)
                .text(change -> change.organization().id().value())
                .text(change -> change.balance().name())
                .code(change -> change.balance().status())
                .text(change -> change.balance().plan().code())
                .bigint(UsageChange::planIncludedMinutes)
                .text(change -> change.balance().plan().limit().name())
                .text(UsageChange::nextPlanCode)
                .text(change -> change.balance().calendar().zone().getId())
                .text(change -> change.balance().calendar().anchor().toString())
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
                .timestamp(change -> change.first().recordedAt())
                .bigint(change -> change.first().position())
                .bigint(change -> change.last().recorded().sequence())
                .bigint(change -> change.last().position())
                .timestamp(change -> change.last().recordedAt())
                .text(change -> OrganizationCodec.json(change.organization()))
                .execute(connection, write);
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
                                    OrganizationCodec.organization(rows.getString("state")),
                                    rows.getLong("last_sequence")));
                }
            }
        }
        return found;
    }
}
