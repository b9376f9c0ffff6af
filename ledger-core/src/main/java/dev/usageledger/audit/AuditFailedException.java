package dev.usageledger.audit;

/** An audit file proves nothing; the message says what is wrong with it and where. */
public final class AuditFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public AuditFailedException(String message) {
        super(message);
    }
}
