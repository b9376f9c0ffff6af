package dev.usageledger.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions on the ledger's database, one per thread at a time. A transaction takes its connection when it first
 * needs one, so that a command waiting for its turn holds none.
 */
public final class JdbcTransactions implements TransactionManager {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcTransactions.class);

    private static final List<String> LOST = List.of("08", "57P0", "53", "25P03");

    private final DataSource database;
    private final ThreadLocal<@Nullable JdbcTransaction> current = new ThreadLocal<>();

    public JdbcTransactions(DataSource database) {
        this.database = database;
    }

    /** Work that needs a connection. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T with(Connection connection) throws SQLException;
    }

    /** Work that needs a connection and gives nothing back. */
    @FunctionalInterface
    public interface Task {
        void with(Connection connection) throws SQLException;
    }

    /**
     * Joins the thread's transaction if it has one; only the outermost commits. None outlives the unit of work that it was
     * started in: Axon rolls back when an exception keeps that from committing, but not when an {@link Error} does, and
     * whatever this thread did next would be part of what nobody commits.
     */
    @Override
    public Transaction startTransaction() {
        if (current.get() != null) {
            return new Joined();
        }
        JdbcTransaction started = new JdbcTransaction();
        CurrentUnitOfWork.ifStarted(unit -> unit.onCleanup(ended -> started.rollBackUnlessEnded()));
        return started;
    }

    /**
     * Runs {@code work} in the thread's transaction, or in one of its own.
     *
     * @throws LedgerUnavailableException when the database is out of reach
     * @throws DatabaseException for every other fault that the database reports
     */
    public <T extends @Nullable Object> T call(Work<T> work) {
        return fetchInTransaction(() -> {
            JdbcTransaction transaction = current.get();
            if (transaction == null) {
                throw new IllegalStateException("no transaction on this thread");
            }
            try {
                return work.with(transaction.connection());
            } catch (SQLException e) {
                throw transaction.failed(e);
            }
        });
    }

    /**
     * Runs one statement, in the thread's transaction, or else as a transaction of its own: that has been committed when
     * this returns, in the statement's own round trip.
     *
     * @throws LedgerUnavailableException when the database is out of reach; the statement may have been committed
     * @throws DatabaseException for every other fault that the database reports; nothing was committed
     */
    public <T extends @Nullable Object> T once(Work<T> statement) {
        if (current.get() != null) {
            return call(statement);
        }
        try (Connection connection = database.getConnection()) {
            return statement.with(connection);
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /** As {@link #call}, for work that gives nothing back. */
    public void run(Task task) {
        call(connection -> {
            task.with(connection);
            return true;
        });
    }

    /** Lets all queries of a transaction, of which none has been asked yet, see the database as of one moment. */
    static void inOneSnapshot(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        }
    }

    static RuntimeException translated(SQLException e) {
        return isConnectionLost(e)
                ? new LedgerUnavailableException("the database is out of reach", e)
                : new DatabaseException(e);
    }

    /**
     * Class 08 is a broken connection, 57P0x a server that is shutting down, 53xxx one without resources, 25P03 a session
     * that it has ended for doing nothing in a transaction.
     */
    private static boolean isConnectionLost(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientConnectionException
                || (state != null && LOST.stream().anyMatch(state::startsWith));
    }

    private final class JdbcTransaction implements Transaction {
        private @Nullable Connection connection;
        private @Nullable RuntimeException fault;

        JdbcTransaction() {
            current.set(this);
        }

        Connection connection() throws SQLException {
            Connection taken = connection;
            if (taken == null) {
                taken = database.getConnection();
                connection = taken;
                taken.setAutoCommit(false);
            }
            return taken;
        }

        /** What follows a fault fails for that fault alone, so the first one is the one to tell. */
        RuntimeException failed(SQLException e) {
            RuntimeException first = fault == null ? translated(e) : fault;
            fault = first;
            return first;
        }

        @Override
        public void commit() {
            if (fault != null) {
                // PostgreSQL would roll back and call it a commit that went well.
                rollback();
                throw fault;
            }
            end(Connection::commit);
        }

        @Override
        public void rollback() {
            try {
                end(Connection::rollback);
            } catch (RuntimeException e) {
                // The server has rolled back by itself then, and what led here is what the caller has to be told.
                LOG.debug("a broken connection could not be rolled back", e);
            }
        }

        void rollBackUnlessEnded() {
            if (current.get() == this) {
                rollback();
            }
        }

        private void end(Ending ending) {
            current.remove();
            try (Connection ended = connection) {
                if (ended != null) {
                    ending.of(ended);
                }
            } catch (SQLException e) {
                throw translated(e);
            } finally {
                connection = null;
            }
        }
    }

    private interface Ending {
        void of(Connection connection) throws SQLException;
    }

    /** Part of a transaction that somebody else ends. */
    private static final class Joined implements Transaction {
        @Override
        public void commit() {}

        @Override
        public void rollback() {}
    }
}
