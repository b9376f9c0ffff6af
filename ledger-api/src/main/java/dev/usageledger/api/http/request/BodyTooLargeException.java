package dev.usageledger.api.http.request;

/** A body of more bytes than are read. */
public final class BodyTooLargeException extends RuntimeException {
    private final int limit;

    BodyTooLargeException(int limit) {
        super("more than " + limit + " bytes", null, false, false);
        this.limit = limit;
    }

    /** The most bytes that a body may have. */
    public int limit() {
        return limit;
    }
}
