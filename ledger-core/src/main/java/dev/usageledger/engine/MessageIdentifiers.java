package dev.usageledger.engine;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.common.IdentifierFactory;

/**
 * Identifiers of Axon's messages in memory. They are never stored (see {@link EventId} for those that are), so a count
 * behind a random prefix does, and costs nothing where a random identifier for each took a tenth of a command's time.
 */
public final class MessageIdentifiers extends IdentifierFactory {
    private static final String PREFIX = UUID.randomUUID() + "-";
    private static final AtomicLong COUNT = new AtomicLong();

    @Override
    public String generateIdentifier() {
        return PREFIX + COUNT.incrementAndGet();
    }
}
