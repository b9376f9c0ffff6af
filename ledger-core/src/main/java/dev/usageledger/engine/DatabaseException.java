package dev.usageledger.engine;

import java.sql.SQLException;

/** The database refused a statement. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String DEADLOCK = "40P01";

    DatabaseException(SQLException cause) {
        super(cause);
    }

    /** Whether another writer was first. */
    boolean isConflict() {
        return getCause() instanceof SQLException e
                && (UNIQUE_VIOLATION.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState()));
    }
}
