package dev.usageledger.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.usageledger.organization.OrganizationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Organizations as of their last committed event, on every node: what is known is brought up to date with whatever
 * another node has recorded since. References are strong and their number bounded, since weak ones lose organizations
 * just when there is much to do.
 */
final class Organizations implements AutoCloseable {
    /** How large drafts of chapters may be, on average, once as many organizations as may be are kept in memory. */
    private static final long DRAFT_SIZE = 2;

    /** How many events of other nodes are read into memory at once. Behind more of them, a snapshot may be closer. */
    static final long MOST_NEWER = 5_000;

    private final JdbcTransactions transactions;
    private final Growth growth;
    private final Cache<OrganizationId, KnownOrganization> known;
    private final long largestDrafts;
    private final Map<OrganizationId, KnownOrganization> expected = new ConcurrentHashMap<>();
    private final Snapshots snapshots;

    /**
     * Is told of what the store had more than memory, since another node has recorded it, or this one and has not noted it
     * yet. Of sequences: that of an organization's last event, and that of the last before, −1 for none in memory.
     */
    @FunctionalInterface
    interface Growth {
        void grown(OrganizationId organizationId, long before, long now);
    }

    Organizations(JdbcTransactions transactions, long mostKept, Growth growth) {
        this.transactions = transactions;
        this.growth = growth;
        this.largestDrafts = DRAFT_SIZE * mostKept;
        this.known = Caffeine.newBuilder().maximumSize(mostKept).build();
        this.snapshots = new Snapshots(transactions);
    }

    /** The organization as of the last event that is committed. */
    KnownOrganization current(OrganizationId organizationId) {
        return current(Set.of(organizationId)).getOrDefault(organizationId, KnownOrganization.NOTHING);
    }

    /**
     * All these organizations as of the last event that is committed, in one query unless some are new to memory or far
     * behind.
     */
    Map<OrganizationId, KnownOrganization> current(Set<OrganizationId> ids) {
        return current(ids, List.of(), event -> {});
    }

    /**
     * As {@link #current(Set)}; the same query finds the events with the identifiers that are {@code recalled}, some of
     * them twice where organizations are far behind.
     */
    Map<OrganizationId, KnownOrganization> current(
            Set<OrganizationId> ids, Collection<UUID> recalled, Consumer<RecordedEvent> found) {
        Map<OrganizationId, KnownOrganization> kept = known.getAllPresent(ids);
        Map<OrganizationId, KnownOrganization> current = new HashMap<>(kept);
        if (current.size() < ids.size()) {
            Set<OrganizationId> unknown = new HashSet<>(ids);
            unknown.removeAll(current.keySet());
            current.putAll(loaded(unknown, Map.of()));
        }
        long newer = transactions.once(connection -> readAfter(connection, current, MOST_NEWER, recalled, found));
        if (newer == MOST_NEWER) {
            current.putAll(loaded(ids, current));
            // With what is recalled once more: it must not be older than what its organization has become.
            transactions.call(connection -> readAfter(connection, current, Long.MAX_VALUE, recalled, found));
        }
        current.forEach((id, now) -> {
            if (kept.get(id) != now && keep(id, now)) {
                growth.grown(
                        id, kept.getOrDefault(id, KnownOrganization.NOTHING).sequence(), now.sequence());
            }
        });
        return current;
    }

    /**
     * From their snapshots, from what is {@code known} of them where that is newer, or from their first events; however
     * many events there are, few are in memory at a time.
     */
    private Map<OrganizationId, KnownOrganization> loaded(
            Set<OrganizationId> ids, Map<OrganizationId, KnownOrganization> known) {
        return transactions.call(connection -> {
            Map<OrganizationId, KnownOrganization> loaded = SnapshotTable.read(connection, ids);
            // Of two that are as new, what is known has a draft.
            ids.forEach(id -> loaded.merge(
                    id, known.getOrDefault(id, KnownOrganization.NOTHING), (snapshot, kept) -> newer(kept, snapshot)));
            Map<OrganizationId, Long> before = sequences(loaded);
            readAfter(connection, loaded, Long.MAX_VALUE, List.of(), event -> {});
            loaded.forEach((id, now) -> snapshots.grown(before.getOrDefault(id, -1L), now));
            return loaded;
        });
    }

    private static KnownOrganization newer(KnownOrganization a, KnownOrganization b) {
        return a.sequence() >= b.sequence() ? a : b;
    }

    private static Map<OrganizationId, Long> sequences(Map<OrganizationId, KnownOrganization> organizations) {
        Map<OrganizationId, Long> sequences = new LinkedHashMap<>();
        organizations.forEach((id, known) -> sequences.put(id, known.sequence()));
        return sequences;
    }

    private static long readAfter(
            Connection connection,
            Map<OrganizationId, KnownOrganization> organizations,
            long mostNewer,
            Collection<UUID> recalled,
            Consumer<RecordedEvent> found)
            throws SQLException {
        return EventTable.readAfter(
                connection,
                sequences(organizations),
                mostNewer,
                event -> organizations.computeIfPresent(
                        event.organizationId(), (id, before) -> before.after(event.stored())),
                recalled,
                found);
    }

    /** Notes what has been committed; may come after a later commit has been noted. */
    void remember(OrganizationId organizationId, KnownOrganization committed) {
        if (!known.asMap().containsKey(organizationId)) {
            snapshots.grown(-1, committed);
        }
        keep(organizationId, committed);
        expected.computeIfPresent(
                organizationId, (id, decided) -> decided.sequence() > committed.sequence() ? decided : null);
    }

    /** @return whether it was news */
    private boolean keep(OrganizationId organizationId, KnownOrganization committed) {
        KnownOrganization before = known.asMap().get(organizationId);
        boolean nothingNew = before != null && before.sequence() >= committed.sequence();
        if (nothingNew || committed.sequence() < 0) {
            return false;
        }
        known.asMap().merge(organizationId, bounded(committed), Organizations::newer);
        if (before != null) {
            snapshots.grown(before.sequence(), committed);
        }
        return true;
    }

    /** The fewer organizations there are, the larger a draft may be. */
    private KnownOrganization bounded(KnownOrganization organization) {
        return organization.withDraftUpTo(largestDrafts / Math.max(1, known.estimatedSize()));
    }

    /**
     * All these organizations without asking the database: as they are expected to be once what is being committed is
     * committed. Empty when some are not in memory.
     */
    Optional<Map<OrganizationId, KnownOrganization>> expected(Set<OrganizationId> ids) {
        Map<OrganizationId, KnownOrganization> found = new HashMap<>();
        for (OrganizationId id : ids) {
            // In this order: what is committed meanwhile is known before it is no longer expected.
            KnownOrganization decided = expected.get(id);
            KnownOrganization latest = decided == null ? known.getIfPresent(id) : decided;
            if (latest != null) {
                found.put(id, latest);
            }
        }
        return found.size() == ids.size() ? Optional.of(found) : Optional.empty();
    }

    /** Notes what has been decided and is about to be committed. */
    void expect(OrganizationId organizationId, KnownOrganization decided) {
        expected.put(organizationId, bounded(decided));
    }

    /** What was expected has not been committed. */
    void disappoint(OrganizationId organizationId) {
        expected.remove(organizationId);
    }

    @Override
    public void close() {
        snapshots.close(known.asMap().values());
    }
}
