package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts organizations aside, so that loading one reads few events however long its history is: in the background after
 * so many events, all that have come together meanwhile in one statement; and at a stop, after which everything is loaded
 * anew, those that are behind what is in memory.
 */
final class Snapshots {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    private static final int EVENTS_PER_SNAPSHOT = 100;

    /** Reading so few events takes no longer than writing a snapshot. */
    private static final int TOO_FEW_EVENTS = 5;

    /** A write costs much the same for one organization or for many, and no load waits for it. */
    private static final int GATHERING_MILLIS = 100;

    private static final int MOST_PER_STATEMENT = 256;
    private static final int SECONDS_TO_STOP = 5;

    private final JdbcTransactions transactions;
    private final Map<OrganizationId, KnownOrganization> due = new ConcurrentHashMap<>();
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("snapshots").daemon().factory());
    private final AtomicBoolean isWriteDue = new AtomicBoolean();

    Snapshots(JdbcTransactions transactions) {
        this.transactions = transactions;
    }

    /** An organization has come to where it is {@code now}; {@code before}, its last event was at that sequence. */
    void grown(long before, KnownOrganization now) {
        if (before / EVENTS_PER_SNAPSHOT != now.sequence() / EVENTS_PER_SNAPSHOT) {
            due.put(now.open().id(), now);
            if (!isWriteDue.getAndSet(true)) {
                executeIn(GATHERING_MILLIS, this::writeDue);
            }
        }
    }

    private void writeDue() {
        // First, so that what comes from here on is written another time if not now.
        isWriteDue.set(false);
        while (!due.isEmpty() && !Thread.currentThread().isInterrupted()) {
            write(takeDue());
        }
    }

    private List<KnownOrganization> takeDue() {
        List<KnownOrganization> next = new ArrayList<>();
        for (OrganizationId id : due.keySet()) {
            if (next.size() == MOST_PER_STATEMENT) {
                break;
            }
            KnownOrganization latest = due.remove(id);
            if (latest != null) {
                next.add(latest);
            }
        }
        return next;
    }

    private void write(List<KnownOrganization> organizations) {
        if (!organizations.isEmpty()) {
            transactions.run(connection -> SnapshotTable.write(connection, organizations));
        }
    }

    /** In the background. What fails there only makes the next load slower. */
    private void executeIn(long millis, Runnable writing) {
        writer.schedule(
                () -> {
                    try {
                        writing.run();
                    } catch (RuntimeException e) {
                        LOG.debug("snapshots were not written", e);
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Writes what is worth it of these organizations and of those that wait, for as long as a stop may take. */
    void close(Collection<KnownOrganization> inMemory) {
        executeIn(0, this::writeDue);
        executeIn(0, () -> writeOutdated(List.copyOf(inMemory)));
        writer.shutdown();
        try {
            if (!writer.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeOutdated(List<KnownOrganization> organizations) {
        int to = 0;
        while (to < organizations.size() && !Thread.currentThread().isInterrupted()) {
            int from = to;
            to = Math.min(from + MOST_PER_STATEMENT, organizations.size());
            write(outdated(organizations.subList(from, to)));
        }
    }

    /** Not those without a snapshot: it may have been removed because it was wrong, and memory may come from it. */
    private List<KnownOrganization> outdated(List<KnownOrganization> organizations) {
        List<OrganizationId> ids =
                organizations.stream().map(known -> known.open().id()).toList();
        Map<OrganizationId, Long> written = transactions.call(connection -> SnapshotTable.sequences(connection, ids));
        return organizations.stream()
                .filter(known ->
                        known.sequence() - written.getOrDefault(known.open().id(), known.sequence()) > TOO_FEW_EVENTS)
                .toList();
    }
}
