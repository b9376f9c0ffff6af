package dev.usageledger.projections;

/** A cursor that did not come from the list it was given to. */
public final class InvalidCursorException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    InvalidCursorException() {
        super("cursor must be the next of an earlier page of the same list, in the same order");
    }
}
