package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** {@code ledger.snapshots}: where loading an organization may start from instead of its first event. */
final class SnapshotTable {
    private SnapshotTable() {}

    /** The organization as of its snapshot; {@code null} when there is none in the present format. */
    static @Nullable KnownOrganization read(Connection connection, OrganizationId organizationId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT sequence, position, state FROM ledger.snapshots WHERE organization_id = ? AND format = ?")) {
            query.setString(1, organizationId.value());
            query.setInt(2, OrganizationCodec.FORMAT);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? new KnownOrganization(
                                OrganizationCodec.organization(row.getString("state")),
                                row.getLong("sequence"),
                                row.getLong("position"))
                        : null;
            }
        }
    }

    /** Keeps the newer one where two nodes write at once. */
    static void write(Connection connection, KnownOrganization known) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO ledger.snapshots AS present (organization_id, sequence, position, format, state)
                VALUES (?, ?, ?, ?, ?::json)
                ON CONFLICT (organization_id) DO UPDATE
                SET sequence = excluded.sequence, position = excluded.position, format = excluded.format,
                    state = excluded.state
                WHERE present.sequence < excluded.sequence OR present.format <> excluded.format
                """)) {
            upsert.setString(1, known.open().id().value());
            upsert.setLong(2, known.sequence());
            upsert.setLong(3, known.position());
            upsert.setInt(4, OrganizationCodec.FORMAT);
            upsert.setString(5, OrganizationCodec.json(known.open()));
            upsert.executeUpdate();
        }
    }
}
