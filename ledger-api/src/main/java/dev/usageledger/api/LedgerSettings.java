package dev.usageledger.api;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the service was started.
 *
 * @param data where the embedded PostgreSQL keeps its files; null if an outside server is used
 * @param demo whether to fill an empty ledger with a world to look at
 * @param testClock where time stands still until it is moved on; null in earnest
 */
@ConfigurationProperties("ledger")
public record LedgerSettings(
        @Nullable Path data, boolean demo, @Nullable Instant testClock) {}
