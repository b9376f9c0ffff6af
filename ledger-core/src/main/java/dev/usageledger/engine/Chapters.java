package dev.usageledger.engine;

import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.Hindsight;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.TranscriptionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts histories into chapters. In the background once enough events are there: for at most 1 % of one processor while
 * anything is being recorded, at once when nothing is. And before anybody reads, where the background has not got to it.
 * What a stop leaves unwritten is taken up soon after the next start.
 */
final class Chapters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Chapters.class);

    /** Usage recorded later than that stands in its chapter one by one. */
    private static final Duration SOON = Duration.ofMinutes(10);

    private static final int AT_ONCE = 8;
    private static final int AT_ONCE_FOR_A_READER = 128;
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long WORK_PER_TICK = TICK / 100;
    private static final long QUIET = TimeUnit.SECONDS.toNanos(1);

    private final JdbcTransactions transactions;
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

    /** The last event of that organization was at {@code before}, and is at {@code now}. */
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

    /** Writes all chapters of an organization that have come to their end and are not there. */
    void complete(OrganizationId organizationId) {
        boolean more = true;
        while (more) {
            more = transactions.call(connection -> write(connection, organizationId, AT_ONCE_FOR_A_READER));
        }
    }

    /** What is there cannot be read; it will be written anew. */
    void forget(OrganizationId organizationId) {
        transactions.run(connection -> ChapterTable.forget(connection, organizationId));
    }

    private void tick() {
        if (!takenUp) {
            takenUp = true;
            takeUp();
        }
        budget = Math.min(budget + WORK_PER_TICK, WORK_PER_TICK);
        OrganizationId next = next();
        while (next != null) {
            long began = System.nanoTime();
            write(next);
            budget -= System.nanoTime() - began;
            next = next();
        }
    }

    private @Nullable OrganizationId next() {
        boolean quiet = System.nanoTime() - lastGrowth > QUIET;
        synchronized (waiting) {
            return waiting.isEmpty() || (budget <= 0 && !quiet) ? null : waiting.removeFirst();
        }
    }

    private void write(OrganizationId organizationId) {
        try {
            if (transactions.call(connection -> write(connection, organizationId, AT_ONCE))) {
                putOff(organizationId);
            }
        } catch (RuntimeException e) {
            // Only the next reader is slower for it, and writes them itself.
            LOG.debug("chapters of {} were not written", organizationId, e);
        }
    }

    /** @return whether there were any to be written */
    private static boolean write(Connection connection, OrganizationId organizationId, int most) throws SQLException {
        long complete = Chapter.completeAfter(EventTable.lastSequence(connection, organizationId));
        long first = ChapterTable.firstMissing(connection, organizationId);
        if (first >= complete) {
            return false;
        }
        KnownOrganization before =
                first == 0 ? KnownOrganization.NOTHING : ChapterTable.end(connection, organizationId, first - 1);
        Writer writer = new Writer(before);
        long last = Chapter.lastSequence(Math.min(first + most, complete) - 1);
        EventCopy.read(connection, organizationId, before.sequence(), last, writer::add);
        ChapterTable.write(connection, writer.chapters(connection));
        return true;
    }

    /**
     * What these events say of usage of a time before them.
     *
     * @param events of one organization
     */
    static List<Hindsight> hindsight(Connection connection, List<StoredEvent> events) throws SQLException {
        Map<TranscriptionId, TranscriptionRecorded> recordings = recordingsOfCorrected(connection, events);
        List<Hindsight> found = new ArrayList<>();
        for (StoredEvent recorded : events) {
            if (recorded.event() instanceof TranscriptionCorrected e) {
                TranscriptionRecorded corrected = recordings.get(e.transcriptionId());
                if (corrected == null) {
                    throw new IllegalStateException(e.transcriptionId() + " was corrected and never recorded");
                }
                found.add(Hindsight.of(recorded.sequence(), e, corrected));
            } else if (recorded.event() instanceof TranscriptionRecorded e) {
                found.add(Hindsight.of(recorded.sequence(), e));
            }
        }
        return found;
    }

    private static Map<TranscriptionId, TranscriptionRecorded> recordingsOfCorrected(
            Connection connection, List<StoredEvent> events) throws SQLException {
        Set<UUID> ids = new LinkedHashSet<>();
        for (StoredEvent recorded : events) {
            if (recorded.event() instanceof TranscriptionCorrected e) {
                ids.add(EventId.of(recorded.organizationId(), EventIdentity.transcription(e.transcriptionId())));
            }
        }
        Map<TranscriptionId, TranscriptionRecorded> recordings = new HashMap<>();
        if (!ids.isEmpty()) {
            for (RecordedEvent found : EventTable.byIds(connection, ids)) {
                if (found.event() instanceof TranscriptionRecorded e) {
                    recordings.put(e.transcriptionId(), e);
                }
            }
        }
        return recordings;
    }

    /** Goes through events in their order, and notes where chapters end. */
    private static final class Writer {
        private final List<KnownOrganization> ends = new ArrayList<>();
        private final Map<Long, Instant> delayed = new HashMap<>();
        private final List<StoredEvent> late = new ArrayList<>();
        private KnownOrganization organization;

        Writer(KnownOrganization before) {
            organization = before;
        }

        void add(StoredEvent next) {
            organization = organization.after(next);
            if (next.event() instanceof TranscriptionCorrected) {
                late.add(next);
            } else if (next.event() instanceof TranscriptionRecorded e
                    && e.countsFrom().isBefore(e.recordedAt())) {
                if (e.countsFrom().isBefore(e.recordedAt().minus(SOON))) {
                    late.add(next);
                } else {
                    delayed.merge(Chapter.of(next.sequence()), e.countsFrom(), (a, b) -> a.isBefore(b) ? a : b);
                }
            }
            if (next.sequence() == Chapter.lastSequence(Chapter.of(next.sequence()))) {
                ends.add(organization);
            }
        }

        List<Chapter> chapters(Connection connection) throws SQLException {
            Map<Long, List<Hindsight>> byChapter = new HashMap<>();
            for (Hindsight hindsight : hindsight(connection, late)) {
                byChapter
                        .computeIfAbsent(Chapter.of(hindsight.sequence()), key -> new ArrayList<>())
                        .add(hindsight);
            }
            return ends.stream()
                    .map(end -> {
                        long number = Chapter.of(end.sequence());
                        return new Chapter(number, end, delayed.get(number), byChapter.getOrDefault(number, List.of()));
                    })
                    .toList();
        }
    }

    @Override
    public void close() {
        background.shutdown();
        try {
            if (!background.awaitTermination(5, TimeUnit.SECONDS)) {
                background.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
