package dev.usageledger.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All events in order of position, as far as that order is final.
 *
 * <p>Positions are taken before they are committed, so an event can become visible after one with a higher position. A
 * reader that passed over such a gap would miss it for ever, and one that waits for it by the clock would still be
 * guessing. Here a gap is waited for exactly as long as a transaction that could fill it is alive: whoever took a
 * position holds the lock that inserting needs until it ends, so once every holder seen after the gap is gone, the gap
 * is a commit that failed. Writers are never blocked by it.
 */
final class SettledEvents {
    private final JdbcTransactions transactions;
    private final RecentEvents recent;

    /** Up to here every gap is known to stay one. */
    private long settledUpTo;

    private long awaitedUpTo;
    private Set<String> awaited = Set.of();

    SettledEvents(JdbcTransactions transactions, RecentEvents recent) {
        this.transactions = transactions;
        this.recent = recent;
    }

    /** The next events after {@code position}: at most {@code limit}, none when the next is not final yet. */
    List<RecordedEvent> after(long position, int limit) {
        // Where no position is left out there is no gap to wait for.
        List<RecordedEvent> remembered = recent.take(position, limit);
        return remembered.isEmpty() ? stored(position, limit) : remembered;
    }

    private List<RecordedEvent> stored(long position, int limit) {
        return transactions.call(connection -> {
            // Asked before events are fetched: what is settled later may have been committed since.
            long settledBefore = settledUpTo();
            List<RecordedEvent> visible = EventTable.after(connection, position, limit);
            List<RecordedEvent> settled = settled(visible, position, settledBefore);
            if (settled.size() == visible.size()
                    || !isSettledNow(connection, visible.getLast().position())) {
                return settled;
            }
            long settledNow = settledUpTo();
            return settled(EventTable.after(connection, position, limit), position, settledNow);
        });
    }

    private synchronized long settledUpTo() {
        return settledUpTo;
    }

    /** The first of these events, up to a gap behind {@code settledUpTo}. */
    private static List<RecordedEvent> settled(List<RecordedEvent> visible, long position, long settledUpTo) {
        long previous = position;
        for (int i = 0; i < visible.size(); i++) {
            long next = visible.get(i).position();
            if (next != previous + 1 && next > settledUpTo) {
                return visible.subList(0, i);
            }
            previous = next;
        }
        return visible;
    }

    /** Whether nobody is left who could still fill a gap below {@code seen}, which was visible before this call. */
    private synchronized boolean isSettledNow(Connection connection, long seen) throws SQLException {
        Set<String> writing = writers(connection);
        if (awaited.isEmpty()) {
            awaited = writing;
            awaitedUpTo = seen;
        } else {
            Set<String> left = new HashSet<>(awaited);
            left.retainAll(writing);
            awaited = left;
        }
        if (!awaited.isEmpty()) {
            return false;
        }
        settledUpTo = Math.max(settledUpTo, awaitedUpTo);
        return true;
    }

    /** The transactions that may be inserting events at this moment. */
    static Set<String> writers(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                        SELECT virtualtransaction FROM pg_locks
                        WHERE locktype = 'relation' AND relation = 'ledger.events'::regclass
                          AND mode = 'RowExclusiveLock'
                          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                        """);
                ResultSet rows = query.executeQuery()) {
            Set<String> writers = new HashSet<>();
            while (rows.next()) {
                writers.add(rows.getString(1));
            }
            return writers;
        }
    }
}
