package dev.usageledger.engine;

import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code ledger.snapshots}: where loading an organization may start from instead of its first event. All who change
 * several do so in the order of organizations, so that they can only wait for each other, never in a circle.
 */
final class SnapshotTable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotTable.class);

    private SnapshotTable() {}

    /** The organizations as of their snapshots, those that have one that can be used. */
    static Map<OrganizationId, KnownOrganization> read(Connection connection, Collection<OrganizationId> ids)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT organization_id, sequence, position, state FROM ledger.snapshots
                WHERE organization_id = ANY (?) AND format = ?
                """)) {
            query.setArray(1, connection.createArrayOf("text", EventTable.texts(ids)));
            query.setInt(2, OrganizationCodec.FORMAT);
            Map<OrganizationId, KnownOrganization> found = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    read(row, found);
                }
            }
            return found;
        }
    }

    static Map<OrganizationId, Snapshot> read(Connection connection, OrganizationRange organizations, long position)
            throws SQLException {
        Map<OrganizationId, KnownOrganization> found = new HashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement("""
                SELECT organization_id, sequence, position, state FROM ledger.snapshots
                WHERE format = ? AND position <= ? AND %s
                """.formatted(organizations.condition("organization_id")))) {
            query.setInt(1, OrganizationCodec.FORMAT);
            query.setLong(2, position);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    read(row, found);
                }
            }
        }
        Map<OrganizationId, Snapshot> snapshots = new HashMap<>();
        found.forEach(
                (id, known) -> snapshots.put(id, new Snapshot(id, known.open(), known.sequence(), known.position())));
        return snapshots;
    }

    static void remove(Connection connection, Collection<Snapshot> snapshots) throws SQLException {
        List<Snapshot> ordered = snapshots.stream()
                .sorted(Comparator.comparing(
                        snapshot -> snapshot.organizationId().value()))
                .toList();
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM ledger.snapshots WHERE organization_id = ? AND sequence = ?")) {
            for (Snapshot snapshot : ordered) {
                delete.setString(1, snapshot.organizationId().value());
                delete.setLong(2, snapshot.sequence());
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    private static void read(ResultSet row, Map<OrganizationId, KnownOrganization> found) throws SQLException {
        String id = row.getString("organization_id");
        try {
            Open state = OrganizationCodec.organization(row.getString("state"));
            found.put(
                    new OrganizationId(id),
                    new KnownOrganization(state, row.getLong("sequence"), row.getLong("position")));
        } catch (UnreadableEventException e) {
            // Never a source of truth: without it the organization is loaded from its first event.
            LOG.warn("the snapshot of {} is not used: it cannot be read", id, e);
        }
    }

    /** Of which event each of these organizations has a snapshot, those that have one. */
    static Map<OrganizationId, Long> sequences(Connection connection, Collection<OrganizationId> ids)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT organization_id, sequence FROM ledger.snapshots WHERE organization_id = ANY (?) AND format = ?
                """)) {
            query.setArray(1, connection.createArrayOf("text", EventTable.texts(ids)));
            query.setInt(2, OrganizationCodec.FORMAT);
            Map<OrganizationId, Long> sequences = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    sequences.put(new OrganizationId(row.getString("organization_id")), row.getLong("sequence"));
                }
            }
            return sequences;
        }
    }

    /**
     * Keeps the newer one where two nodes write at once. Does not wait for the disk: a crash may take it.
     *
     * @param organizations each once
     */
    static void write(Connection connection, Collection<KnownOrganization> organizations) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL synchronous_commit = off");
        }
        List<KnownOrganization> ordered = organizations.stream()
                .sorted(Comparator.comparing(known -> known.open().id().value()))
                .toList();
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO ledger.snapshots AS present (organization_id, sequence, position, format, state)
                SELECT unnest(?::text[]), unnest(?::bigint[]), unnest(?::bigint[]), ?, unnest(?::text[])::json
                ON CONFLICT (organization_id) DO UPDATE
                SET sequence = excluded.sequence, position = excluded.position, format = excluded.format,
                    state = excluded.state
                WHERE present.sequence < excluded.sequence OR present.format <> excluded.format
                """)) {
            upsert.setArray(
                    1,
                    array(
                            connection,
                            "text",
                            ordered,
                            known -> known.open().id().value()));
            upsert.setArray(2, array(connection, "int8", ordered, KnownOrganization::sequence));
            upsert.setArray(3, array(connection, "int8", ordered, KnownOrganization::position));
            upsert.setInt(4, OrganizationCodec.FORMAT);
            upsert.setArray(5, array(connection, "text", ordered, known -> OrganizationCodec.json(known.open())));
            upsert.executeUpdate();
        }
    }

    private static Array array(
            Connection connection, String type, List<KnownOrganization> of, Function<KnownOrganization, Object> value)
            throws SQLException {
        return connection.createArrayOf(type, of.stream().map(value).toArray());
    }
}
