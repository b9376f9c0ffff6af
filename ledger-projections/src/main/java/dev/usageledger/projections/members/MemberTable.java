package dev.usageledger.projections.members;

import dev.usageledger.projections.Columns;
import dev.usageledger.projections.members.Members.Key;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** The statements that write {@code members}. */
final class MemberTable {
    static final String NAME = "members";

    private final String add;
    private final String remove;

    MemberTable(String schema) {
        this.add = """
                INSERT INTO %s.members (organization_id, user_id, position, since)
                SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::timestamptz[])
                ON CONFLICT (organization_id, user_id) DO UPDATE
                SET position = excluded.position, since = excluded.since, removed_at = NULL
                """.formatted(schema);
        this.remove = """
                UPDATE %s.members AS member
                SET removed_at = removed.at
                FROM unnest(?::text[], ?::text[], ?::timestamptz[]) AS removed (organization_id, user_id, at)
                WHERE member.organization_id = removed.organization_id AND member.user_id = removed.user_id
                """.formatted(schema);
    }

    void add(Connection connection, Collection<MemberRow> rows) throws SQLException {
        Columns.of(rows)
                .text(MemberRow::organizationId)
                .text(MemberRow::userId)
                .bigint(MemberRow::position)
                .timestamp(MemberRow::since)
                .execute(connection, add);
    }

    void remove(Connection connection, Map<Key, Instant> removed) throws SQLException {
        Columns.of(removed.entrySet())
                .text(entry -> entry.getKey().organizationId().value())
                .text(entry -> entry.getKey().userId().value())
                .timestamp(Map.Entry::getValue)
                .execute(connection, remove);
    }
}
