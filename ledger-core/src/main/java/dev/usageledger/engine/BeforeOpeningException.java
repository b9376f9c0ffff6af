package dev.usageledger.engine;

import java.time.Instant;

/** A moment was asked for at which the organization had no ledger yet. */
public final class BeforeOpeningException extends RuntimeException {
    private final Instant asked;
    private final Instant openedAt;

    BeforeOpeningException(Instant asked, Instant openedAt) {
        super(asked + " is before " + openedAt, null, false, false);
        this.asked = asked;
        this.openedAt = openedAt;
    }

    public Instant asked() {
        return asked;
    }

    public Instant openedAt() {
        return openedAt;
    }
}
