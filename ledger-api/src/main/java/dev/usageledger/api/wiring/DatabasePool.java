package dev.usageledger.api.wiring;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The connections of a service, which never keep it from stopping. While it runs, everybody waits for the database as
 * long as the pool's settings say. From {@link #stopWithin} on,
 *
 * <ul>
 *   <li>nobody waits any more for a database that another has just waited for in vain: however many parts of the service
 *       would like to finish something, together they wait once;
 *   <li>whatever still runs at the end of the given time is cut off, such as a commit to a server that answers no more.
 * </ul>
 *
 * <p>Both look like a database out of reach to whoever asked. Nothing that has been acknowledged hangs on it: an
 * acknowledgement is given after the commit.
 */
final class DatabasePool extends HikariDataSource {
    private volatile boolean stopping;

    /** Whether the last one who asked got no connection. */
    private volatile boolean away;

    /** @throws SQLTransientConnectionException when the database is out of reach */
    @Override
    public Connection getConnection() throws SQLException {
        if (stopping && away) {
            throw new SQLTransientConnectionException(
                    "the database is out of reach, and the service stops without waiting for it");
        }
        try {
            Connection connection = super.getConnection();
            noteAway(false);
            return connection;
        } catch (SQLTransientConnectionException e) {
            noteAway(true);
            throw e;
        }
    }

    // Written only when it changes, since all threads read it all the time.
    private void noteAway(boolean now) {
        if (away != now) {
            away = now;
        }
    }

    /** The service stops, and has this long for what needs the database. */
    void stopWithin(Duration time) {
        stopping = true;
        CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS, Thread::startVirtualThread)
                .execute(this::close);
    }

    /** Ends all connections, those in use too. */
    @Override
    public void close() {
        away = true;
        super.close();
    }
}
