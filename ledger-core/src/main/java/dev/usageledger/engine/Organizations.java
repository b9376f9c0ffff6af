package dev.usageledger.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.usageledger.organization.OrganizationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Organizations as of their last committed event, on every node: what is known is brought up to date with whatever
 * another node has recorded since. References are strong and their number bounded, since weak ones lose organizations
 * just when there is much to do.
 */
final class Organizations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Organizations.class);
    private static final int EVENTS_PER_SNAPSHOT = 1_000;

    private final JdbcTransactions transactions;
    private final Cache<OrganizationId, KnownOrganization> known;
    private final ExecutorService snapshots = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("snapshots").daemon().factory());

    Organizations(JdbcTransactions transactions, long mostKept) {
        this.transactions = transactions;
        this.known = Caffeine.newBuilder().maximumSize(mostKept).build();
    }

    /** The organization as of the last event that is committed, or visible to the thread's transaction. */
    KnownOrganization current(OrganizationId organizationId) {
        return transactions.call(connection -> current(connection, organizationId));
    }

    private KnownOrganization current(Connection connection, OrganizationId organizationId) throws SQLException {
        KnownOrganization start = known.getIfPresent(organizationId);
        if (start == null) {
            KnownOrganization snapshot = SnapshotTable.read(connection, organizationId);
            start = snapshot == null ? KnownOrganization.NOTHING : snapshot;
        }
        KnownOrganization[] latest = {start};
        EventTable.read(connection, organizationId, start.sequence(), event -> latest[0] = latest[0].after(event));
        if (latest[0].sequence() >= 0) {
            remember(organizationId, latest[0]);
        }
        return latest[0];
    }

    /** Notes what has been committed. */
    void remember(OrganizationId organizationId, KnownOrganization committed) {
        KnownOrganization before = known.asMap().get(organizationId);
        if (before != null && before.sequence() >= committed.sequence()) {
            return;
        }
        known.asMap().merge(organizationId, committed, (a, b) -> a.sequence() >= b.sequence() ? a : b);
        long since = before == null ? -1 : before.sequence();
        if (since / EVENTS_PER_SNAPSHOT != committed.sequence() / EVENTS_PER_SNAPSHOT) {
            snapshots.execute(() -> writeSnapshot(committed));
        }
    }

    /** Drops what may be stale, after another writer was first. */
    void forget(OrganizationId organizationId) {
        known.invalidate(organizationId);
    }

    private void writeSnapshot(KnownOrganization committed) {
        try {
            transactions.run(connection -> SnapshotTable.write(connection, committed));
        } catch (RuntimeException e) {
            // Only the next load is slower for it; the next thousand events try again.
            LOG.debug("snapshot of {} was not written", committed.open().id(), e);
        }
    }

    @Override
    public void close() {
        snapshots.shutdown();
        try {
            if (!snapshots.awaitTermination(5, TimeUnit.SECONDS)) {
                snapshots.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
