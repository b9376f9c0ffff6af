package dev.usageledger.api.http;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bounds of what is served.
 *
 * @param maxBodyBytes the most bytes that a body may have
 * @param longestWait how long a list waits to catch up with {@code atLeast} before it says that it has not, and a
 *     what-if or a batch of events for its turn
 * @param whatIfsAtOnce the most histories that are told again at once
 * @param batchedBytesAtOnce the most bytes of batches of events that are under way at once: some 4,000 events, a
 *     quarter of what a lane queues, so that there is room for whoever sends one command at a time, and not much to wait
 *     behind
 * @param batchedBytesHeld the most bytes of batches of events that are in memory, under way or waiting for their turn:
 *     more than is taken in while a turn is waited for
 * @param openPrometheus whether metrics are served without an API key
 */
@ConfigurationProperties("ledger.http")
public record HttpSettings(
        @DefaultValue("1048576") int maxBodyBytes,
        @DefaultValue("5s") Duration longestWait,
        @DefaultValue("2") int whatIfsAtOnce,
        @DefaultValue("1048576") int batchedBytesAtOnce,
        @DefaultValue("67108864") int batchedBytesHeld,
        @DefaultValue("false") boolean openPrometheus) {
    /** @throws IllegalArgumentException when a bound would let nothing or everything pass */
    public HttpSettings {
        requirePositive("max-body-bytes", maxBodyBytes);
        requirePositive("what-ifs-at-once", whatIfsAtOnce);
        requirePositive("batched-bytes-at-once", batchedBytesAtOnce);
        requirePositive("batched-bytes-held", batchedBytesHeld);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("ledger.http." + name + " must be at least 1, and is " + value);
        }
    }
}
