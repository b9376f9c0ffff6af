package dev.usageledger.engine;

import java.sql.SQLException;
import java.util.List;
import org.axonframework.modelling.command.ConcurrencyException;

/** The database refused a statement. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String SERIALIZATION_FAILURE = "40001";
    private static final String DEADLOCK = "40P01";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    DatabaseException(SQLException cause) {
        super(cause);
    }

    /** Whether it failed because another writer was first, so that it is to be decided again. */
    static boolean wasAnotherFirst(Throwable fault) {
        return fault instanceof ConcurrencyException || (fault instanceof DatabaseException e && e.isConflict());
    }

    /** Whether another writer was first. */
    boolean isConflict() {
        return isAnyOf(UNIQUE_VIOLATION, SERIALIZATION_FAILURE, DEADLOCK);
    }

    /** Whether a lock was waited for as long as one may. */
    boolean isLockTimeout() {
        return isAnyOf(LOCK_NOT_AVAILABLE);
    }

    private boolean isAnyOf(String... states) {
        return getCause() instanceof SQLException e && List.of(states).contains(String.valueOf(e.getSQLState()));
    }
}
