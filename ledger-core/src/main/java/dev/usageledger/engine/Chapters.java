package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts histories into chapters. What this node has recorded is written as it is known, soon after its commit. What it
 * has not seen from the chapter's first event on, or is too much to be kept in mind, is read again: for at most a fifth
 * of one processor while anything is being recorded, at once when nothing is, and before anybody reads where the
 * background has not got to it. What a stop leaves unwritten is taken up soon after the next start.
 */
final class Chapters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Chapters.class);

    private static final long NONE = -1;
    private static final int MOST_ENDED = 1_024;
    private static final int AT_ONCE = 8;
    private static final int AT_ONCE_FOR_A_READER = 128;
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long WORK_PER_TICK = TICK / 5;
    private static final long QUIET = TimeUnit.SECONDS.toNanos(1);
    private static final int SECONDS_TO_STOP = 5;

    private final JdbcTransactions transactions;
    private final BlockingQueue<KnownOrganization> ended = new ArrayBlockingQueue<>(MOST_ENDED);
    private final SequencedSet<OrganizationId> waiting = new LinkedHashSet<>();
    private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("chapters").daemon().factory());
    private volatile long lastGrowth = System.nanoTime();
    private boolean takenUp;
    private long budget;

    Chapters(JdbcTransactions transactions) {
        this.transactions = transactions;
        // Begins after a while, since many a ledger is open for one question only.
        background.scheduleWithFixedDelay(this::tick, QUIET, TICK, TimeUnit.NANOSECONDS);
    }

    /** Goes on where the last stop left off. */
    private void takeUp() {
        try {
            transactions.call(ChapterTable::behindSnapshots).forEach(this::putOff);
        } catch (RuntimeException e) {
            LOG.debug("chapters that an earlier stop left unwritten are left to their readers", e);
        }
    }

    /** This node has recorded events of an organization, and these of its chapters, if any, have ended by that. */
    void grown(List<KnownOrganization> ends) {
        lastGrowth = System.nanoTime();
        for (KnownOrganization end : ends) {
            if (!end.draft().whole() || !ended.offer(end)) {
                putOff(end.open().id());
            }
        }
    }

    /**
     * Of what has been recorded elsewhere, or is not noted here yet, the last event is at {@code now}; known was the one
     * at {@code before}.
     */
    void grown(OrganizationId organizationId, long before, long now) {
        lastGrowth = System.nanoTime();
        if (Chapter.completeAfter(before) != Chapter.completeAfter(now)) {
            putOff(organizationId);
        }
    }

    private void putOff(OrganizationId organizationId) {
        synchronized (waiting) {
            waiting.add(organizationId);
        }
    }

    /** Writes all chapters of an organization that have come to their end and are not there; once, should any go again. */
    void complete(OrganizationId organizationId) {
        writeEnded();
        long before;
        long written = NONE;
        do {
            before = written;
            written = transactions.call(connection -> write(connection, organizationId, AT_ONCE_FOR_A_READER));
        } while (written > before);
    }

    /** What is there cannot be read; it will be written anew. */
    void forget(OrganizationId organizationId) {
        transactions.run(connection -> ChapterTable.forget(connection, List.of(organizationId)));
    }

    private void tick() {
        if (!takenUp) {
            takenUp = true;
            takeUp();
        }
        writeEnded();
        budget = Math.min(budget + WORK_PER_TICK, WORK_PER_TICK);
        OrganizationId next = next();
        while (next != null) {
            long began = System.nanoTime();
            boolean written = write(next);
            budget -= isQuiet() ? 0 : System.nanoTime() - began;
            next = written ? next() : null;
        }
    }

    private boolean isQuiet() {
        return System.nanoTime() - lastGrowth > QUIET;
    }

    private @Nullable OrganizationId next() {
        boolean mayGoOn = budget > 0 || isQuiet();
        synchronized (waiting) {
            return waiting.isEmpty() || !mayGoOn ? null : waiting.removeFirst();
        }
    }

    /** All that wait at this moment. */
    private void writeEnded() {
        List<KnownOrganization> ends = new ArrayList<>();
        ended.drainTo(ends);
        try {
            if (!ends.isEmpty()) {
                transactions.run(connection -> ChapterTable.write(connection, chapters(connection, ends)));
            }
        } catch (RuntimeException e) {
            LOG.debug("{} chapters were not written", ends.size(), e);
            ends.forEach(end -> putOff(end.open().id()));
        }
    }

    /** @return whether to go on with others */
    private boolean write(OrganizationId organizationId) {
        try {
            if (transactions.call(connection -> write(connection, organizationId, AT_ONCE)) != NONE) {
                putOff(organizationId);
            }
            return true;
        } catch (LedgerUnavailableException | DatabaseException e) {
            // Until then, only readers are slower for it.
            LOG.debug("chapters of {} are written later", organizationId, e);
            putOff(organizationId);
            return false;
        } catch (RuntimeException e) {
            // Something there cannot be read, however often it is tried: its next reader finds out and says so.
            LOG.debug("chapters of {} are left to their readers", organizationId, e);
            return true;
        }
    }

    /** @return the first that was to be written; {@link #NONE} when all are there */
    private static long write(Connection connection, OrganizationId organizationId, int most) throws SQLException {
        long complete = Chapter.completeAfter(EventTable.lastSequence(connection, organizationId));
        long first = ChapterTable.firstMissing(connection, organizationId, 0);
        if (first >= complete) {
            return NONE;
        }
        KnownOrganization[] organization = {ChapterTable.lastEnd(connection, organizationId, first)};
        List<KnownOrganization> ends = new ArrayList<>();
        long end = ChapterTable.nextPresent(connection, organizationId, first).orElse(complete);
        long last = Chapter.lastSequence(Math.min(first + most, end) - 1);
        EventCopy.read(connection, organizationId, organization[0].sequence(), last, next -> {
            organization[0] = organization[0].after(next);
            if (organization[0].endsChapter()) {
                ends.add(organization[0]);
            }
        });
        ChapterTable.write(connection, chapters(connection, ends));
        return first;
    }

    private static List<Chapter> chapters(Connection connection, List<KnownOrganization> ends) throws SQLException {
        Map<UUID, TranscriptionRecorded> recordings = Correction.recordings(
                connection,
                ends.stream().flatMap(end -> end.draft().corrections().stream()).toList());
        return ends.stream()
                .map(end -> new Chapter(
                        end,
                        Stream.concat(
                                        end.draft().late().stream(),
                                        end.draft().corrections().stream().map(correction -> correction.in(recordings)))
                                .toList()))
                .toList();
    }

    @Override
    public void close() {
        background.execute(this::writeEnded);
        background.shutdown();
        try {
            if (!background.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                background.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
