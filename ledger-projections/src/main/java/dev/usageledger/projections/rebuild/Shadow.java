package dev.usageledger.projections.rebuild;

import static dev.usageledger.projections.rebuild.ShadowTables.execute;

import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.OrganizationRange;
import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.processing.Projector;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * Read models that are being built beside the live ones. One at a time in a database: it holds an advisory lock on the
 * connection that it does everything decisive with, so that what has lost its lock can change nothing any more.
 */
final class Shadow implements AutoCloseable {
    private static final long LOCK = 0x7573_6167_6572_6562L;
    private static final int MOST_ORGANIZATIONS = 25_000;
    private static final int STEPS_PER_BATCH = 40_000;
    private static final int EVENTS_PER_PROGRESS = 2_000;
    private static final int EVENTS_PER_CATCH_UP = 4_000;

    private final DataSource database;
    private final Connection holder;
    private final Projector projector;
    private final ShadowTables tables;

    /** @throws RebuildFailedException when somebody else is at it */
    Shadow(DataSource database, LedgerPolicy policy, Predicate<String> chosen) throws SQLException {
        this.database = database;
        this.projector = new Projector(ShadowTables.SCHEMA, policy, chosen);
        this.tables = new ShadowTables(
                projector.readModels().stream().map(ReadModel::table).toList());
        this.holder = database.getConnection();
        try {
            holder.setAutoCommit(false);
            requireAlone();
            tables.create(holder);
            holder.commit();
        } catch (SQLException | RuntimeException e) {
            holder.close();
            throw e;
        }
    }

    private void requireAlone() throws SQLException {
        try (PreparedStatement query = holder.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
            query.setLong(1, LOCK);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    throw new RebuildFailedException(
                            "Another rebuild or reconciliation is at work on this database. Wait until it is done.");
                }
            }
        }
    }

    /** @throws RebuildUnderWayException when there is one in this database */
    static void requireNone(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT FROM pg_locks
                WHERE locktype = 'advisory' AND objsubid = 1 AND granted
                    AND (classid::bigint << 32) | objid::bigint = ?
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """)) {
            query.setLong(1, LOCK);
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    throw new RebuildUnderWayException();
                }
            }
        }
    }

    /** The connection that holds the lock, in a transaction of its own from one commit to the next. */
    Connection holder() {
        return holder;
    }

    Projector projector() {
        return projector;
    }

    ShadowTables tables() {
        return tables;
    }

    /**
     * Replays all events up to {@code position}, which has to be settled, by several workers at a time.
     *
     * @param watch looks on at each range
     */
    void fill(long position, int workers, RebuildProgress progress, StepTaker.PerRange watch) throws SQLException {
        List<OrganizationRange> ranges = EventHistory.ranges(holder, workers, MOST_ORGANIZATIONS);
        holder.commit();
        progress.begin(ranges.size(), position);
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            int number = i;
            work.add(() -> {
                replay(ranges.get(number), position, number, progress, watch);
                return null;
            });
        }
        inParallel(work, workers, progress);
        projector.token().define(holder, projector.definition());
        projector.token().moveTo(holder, position);
        tables.complete(holder);
        holder.commit();
    }

    private void replay(
            OrganizationRange range, long position, int number, RebuildProgress progress, StepTaker.PerRange watch)
            throws SQLException {
        try (Connection reading = database.getConnection();
                Connection writing = database.getConnection()) {
            reading.setAutoCommit(false);
            writing.setAutoCommit(false);
            execute(reading, "SET LOCAL work_mem = '64MB'");
            Replay replay = new Replay(projector.readModels(), STEPS_PER_BATCH, task -> {
                byKey(writing);
                task.with(writing);
                writing.commit();
            });
            StepTaker seen = watch.begin(reading, range, position);
            long[] untold = {0};
            EventHistory.read(reading, range, position, event -> {
                seen.take(replay.take(event));
                if (++untold[0] == EVENTS_PER_PROGRESS) {
                    progress.passed(number, event.position(), untold[0]);
                    untold[0] = 0;
                }
            });
            seen.finish();
            replay.finish();
            progress.finished(number, untold[0]);
            reading.rollback();
        }
    }

    /** What is lost in a crash would be built anew; and the planner knows nothing yet of tables that are being filled. */
    private static void byKey(Connection connection) throws SQLException {
        execute(connection, "SET LOCAL synchronous_commit = off");
        execute(connection, "SET LOCAL enable_seqscan = off");
        execute(connection, "SET LOCAL enable_hashjoin = off");
        execute(connection, "SET LOCAL enable_mergejoin = off");
    }

    private static void inParallel(List<Callable<Void>> work, int workers, RebuildProgress progress)
            throws SQLException {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().name("rebuild-", 0).daemon().factory())) {
            List<Future<Void>> started = new ArrayList<>();
            for (Callable<Void> one : work) {
                started.add(threads.submit(() -> {
                    try {
                        return one.call();
                    } catch (SQLException | RuntimeException e) {
                        progress.abandon();
                        throw e;
                    }
                }));
            }
            awaitAll(started);
        }
    }

    /** Of several failures the first is told that is more than the others' being stopped for it. */
    private static void awaitAll(List<Future<Void>> started) throws SQLException {
        Throwable failure = null;
        for (Future<Void> one : started) {
            try {
                one.get();
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                failure = failure == null || failure instanceof RebuildFailedException ? cause : failure;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RebuildFailedException("The rebuild was interrupted; nothing has been changed.", e);
            }
        }
        switch (failure) {
            case null -> {}
            case SQLException e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    /** Goes on to {@code last}, which has to be settled, in the transaction that is under way on {@code connection}. */
    void catchUp(Connection connection, long last) throws SQLException {
        for (boolean more = true; more; ) {
            more = catchUpSome(connection, last);
        }
        if (position(connection) < last) {
            projector.token().moveTo(connection, last);
        }
    }

    /** As {@link #catchUp}, in as many transactions as it takes. */
    void catchUpInSteps(long last) throws SQLException {
        for (boolean more = true; more; ) {
            more = catchUpSome(holder, last);
            holder.commit();
        }
    }

    private boolean catchUpSome(Connection connection, long last) throws SQLException {
        List<RecordedEvent> next = EventHistory.between(connection, position(connection), last, EVENTS_PER_CATCH_UP);
        if (!next.isEmpty()) {
            projector.apply(next, connection);
        }
        return !next.isEmpty();
    }

    long position(Connection connection) throws SQLException {
        return projector.token().position(connection);
    }

    @Override
    public void close() throws SQLException {
        try (holder) {
            holder.rollback();
            tables.drop(holder);
            holder.commit();
            execute(holder, "SELECT pg_advisory_unlock(%d)".formatted(LOCK));
            holder.commit();
        }
    }
}
