package dev.usageledger.engine;

import java.sql.SQLException;
import java.util.Set;
import org.axonframework.modelling.command.ConcurrencyException;

/** The database refused a statement. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String DEADLOCK = "40P01";
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Set<String> CONFLICTS = Set.of(UNIQUE_VIOLATION, DEADLOCK, LOCK_NOT_AVAILABLE);

    DatabaseException(SQLException cause) {
        super(cause);
    }

    /** Whether another writer was first. */
    boolean isConflict() {
        return getCause() instanceof SQLException e && e.getSQLState() != null && CONFLICTS.contains(e.getSQLState());
    }

    /** What Axon calls it where another writer was first, otherwise itself. */
    RuntimeException orConflict() {
        return isConflict() ? new ConcurrencyException("another writer was first", this) : this;
    }
}
