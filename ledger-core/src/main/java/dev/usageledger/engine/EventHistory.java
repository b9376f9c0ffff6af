package dev.usageledger.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

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
}
