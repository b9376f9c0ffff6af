package dev.usageledger.projections.rebuild;

/** A rebuild or a reconciliation could not be done, for a reason that a person can understand; the live tables are untouched. */
public final class RebuildFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RebuildFailedException(String message) {
        super(message);
    }

    RebuildFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
