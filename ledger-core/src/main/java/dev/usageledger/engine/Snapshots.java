package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts organizations aside, so that loading one reads few events however long its history is: in the background after
 * so many events, all that have waited meanwhile in one statement; and at a stop, after which everything is loaded
 * anew, those that are behind what is in memory.
 */
final class Snapshots {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
    private static final int EVENTS_PER_SNAPSHOT = 100;

    /** Reading so few events takes no longer than writing a snapshot. */
    private static final int TOO_FEW_EVENTS = 5;

    private static final int MOST_PER_STATEMENT = 256;
    private static final int SECONDS_TO_STOP = 5;

    private final JdbcTransactions transactions;
    private final Map<OrganizationId, KnownOrganization> due = new ConcurrentHashMap<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("snapshots").daemon().factory());

    Snapshots(JdbcTransactions transactions) {
        this.transactions = transactions;
    }

    /** An organization has come to where it is {@code now}; {@code before}, its last event was at that sequence. */
    void grown(long before, KnownOrganization now) {
        if (before / EVENTS_PER_SNAPSHOT != now.sequence() / EVENTS_PER_SNAPSHOT
                && due.put(now.open().id(), now) == null) {
            execute(this::writeDue);
        }
    }

    private void writeDue() {
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
        write(next);
    }

    private void write(List<KnownOrganization> organizations) {
        if (!organizations.isEmpty()) {
            transactions.run(connection -> SnapshotTable.write(connection, organizations));
        }
    }

    /** In the background. What fails there only makes the next load slower. */
    private void execute(Runnable writing) {
        writer.execute(() -> {
            try {
                writing.run();
            } catch (RuntimeException e) {
                LOG.debug("snapshots were not written", e);
            }
        });
    }

    /** Writes what is worth it of these organizations and of those that wait, for as long as a stop may take. */
    void close(Collection<KnownOrganization> inMemory) {
        execute(() -> writeOutdated(List.copyOf(inMemory)));
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
