package dev.usageledger.engine;

/** Something stored cannot be understood by this version. Nothing is skipped: the reader stops here. */
public final class UnreadableEventException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableEventException(String message) {
        super(message);
    }

    UnreadableEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
