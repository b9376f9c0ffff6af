package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The past as it is stored, for whoever derives something from all of it once more: read by ranges of organizations,
 * several at a time, without the streams that follow what is being written.
 */
public final class EventHistory {
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private EventHistory() {}

    /**
     * A position up to which nothing can appear any more, with all that is visible now below it. Waits for whoever is
     * writing at this moment; no writer waits for it.
     */
    public static long settled(Connection connection) throws SQLException {
        long head = EventTable.head(connection);
        Set<String> awaited = SettledEvents.writers(connection);
        while (!awaited.isEmpty()) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            awaited.retainAll(SettledEvents.writers(connection));
        }
        return head;
    }

    /**
     * Divides all organizations into ranges that adjoin, of about the same number of organizations each. Costs one look
     * into the index per organization, however long its history.
     *
     * @param atLeast so many ranges, if there are so many organizations
     * @param most organizations in a range
     */
    public static List<OrganizationRange> ranges(Connection connection, int atLeast, int most) throws SQLException {
        List<String> organizations = organizations(connection, OrganizationRange.ALL, Integer.MAX_VALUE);
        int size = organizations.size();
        int ranges = Math.max(Math.min(atLeast, size), Math.ceilDiv(size, most));
        List<OrganizationRange> divided = new ArrayList<>();
        String from = null;
        for (int i = 1; i < ranges; i++) {
            String before = organizations.get((int) ((long) size * i / ranges));
            divided.add(new OrganizationRange(from, before));
            from = before;
        }
        divided.add(new OrganizationRange(from, null));
        return divided;
    }

    /**
     * The next organizations from {@code from} on, as a range; the last range has no end.
     *
     * @param from the first identifier; {@code null} to begin with the first of all
     * @param most organizations in it
     */
    public static OrganizationRange range(Connection connection, @Nullable String from, int most) throws SQLException {
        List<String> organizations = organizations(connection, new OrganizationRange(from, null), most + 1);
        return new OrganizationRange(from, organizations.size() > most ? organizations.getLast() : null);
    }

    /** Those organizations of a range that have events. Costs one look into the index for each. */
    public static List<OrganizationId> organizations(Connection connection, OrganizationRange range)
            throws SQLException {
        return organizations(connection, range, Integer.MAX_VALUE).stream()
                .map(OrganizationId::new)
                .toList();
    }

    private static List<String> organizations(Connection connection, OrganizationRange range, int limit)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("""
                WITH RECURSIVE organization AS (
                    (SELECT organization_id FROM ledger.events WHERE %1$s ORDER BY organization_id LIMIT 1)
                    UNION ALL
                    SELECT (SELECT organization_id FROM ledger.events
                            WHERE organization_id > organization.organization_id AND %1$s
                            ORDER BY organization_id LIMIT 1)
                    FROM organization WHERE organization_id IS NOT NULL
                )
                SELECT organization_id FROM organization WHERE organization_id IS NOT NULL LIMIT ?
                """.formatted(range.condition("events.organization_id")))) {
            query.setInt(1, limit);
            List<String> organizations = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    organizations.add(row.getString(1));
                }
            }
            return organizations;
        }
    }

    /** Takes events one by one. The connection that they come from can do nothing else until the last is taken. */
    @FunctionalInterface
    public interface Taker {
        void take(StoredEvent event) throws SQLException;
    }

    /**
     * Hands over the events of these organizations up to {@code position} in order of position, without holding them in
     * memory: what costs least for a good part of all events.
     */
    public static void read(Connection connection, OrganizationRange organizations, long position, Taker taker)
            throws SQLException {
        EventCopy.read(connection, organizations, position, taker);
    }

    /** The next events of an organization after {@code sequence}, in order; at most {@code most}. */
    public static List<StoredEvent> next(Connection connection, OrganizationId organizationId, long sequence, int most)
            throws SQLException {
        List<StoredEvent> events = new ArrayList<>();
        EventCopy.readNext(connection, organizationId, sequence, most, events::add);
        return events;
    }

    /** The snapshots of these organizations up to {@code position} that loading would start from: those that can be read. */
    public static Map<OrganizationId, Snapshot> snapshots(
            Connection connection, OrganizationRange organizations, long position) throws SQLException {
        return SnapshotTable.read(connection, organizations, position);
    }

    /**
     * Removes snapshots unless newer ones have taken their place, and the chapters of their organizations, which may come
     * from them. It is always safe: an organization without them is read from its first event.
     */
    public static void removeSnapshots(Connection connection, Collection<Snapshot> snapshots) throws SQLException {
        SnapshotTable.remove(connection, snapshots);
        ChapterTable.forget(
                connection, snapshots.stream().map(Snapshot::organizationId).toList());
    }

    /** The next events after {@code position} and up to {@code last}, in order of position; at most {@code limit}. */
    public static List<RecordedEvent> between(Connection connection, long position, long last, int limit)
            throws SQLException {
        return EventTable.between(connection, position, last, limit);
    }
}
