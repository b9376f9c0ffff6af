package dev.usageledger.api;

/**
 * The ledger cannot start, and a person can do something about it. The message is one line for that person: what is
 * wrong, and what to do.
 */
public class CannotStartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CannotStartException(String message) {
        super(message);
    }

    public CannotStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
