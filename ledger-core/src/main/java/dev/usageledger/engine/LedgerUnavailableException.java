package dev.usageledger.engine;

import org.jspecify.annotations.Nullable;

/**
 * The ledger cannot answer right now: its database is out of reach or kept busy by others, or too much is waiting.
 * Whether the command took effect may be unknown; sending it again is always safe.
 */
public final class LedgerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LedgerUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
