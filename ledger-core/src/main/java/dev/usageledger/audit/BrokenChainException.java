package dev.usageledger.audit;

/** An organization's history is not as it was recorded, from the event that the message names on. */
public final class BrokenChainException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokenChainException(String organizationId, long sequence) {
        super("event %d of %s is not as it was recorded".formatted(sequence, organizationId));
    }
}
