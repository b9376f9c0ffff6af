package dev.usageledger.projections.rebuild;

/** A check gave way, because a rebuild or a reconciliation is at work; it can be made when that is done. */
final class RebuildUnderWayException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RebuildUnderWayException() {
        super("A rebuild or a reconciliation is at work on this database.");
    }
}
