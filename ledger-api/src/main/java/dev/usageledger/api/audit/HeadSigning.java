package dev.usageledger.api.audit;

import dev.usageledger.audit.SignedHeads;
import dev.usageledger.audit.SigningKey;
import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.EventRows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs the heads of all chains that have grown: when the service starts and stops, and every so often between. Each
 * service does so into its own data directory, whatever others do: two witnesses are better than one. Of the files of
 * days gone by it leaves one each.
 */
public final class HeadSigning implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeadSigning.class);

    private final DataSource database;
    private final SignedHeads heads;
    private final SigningKey key;
    private final InstantSource clock;
    private final Duration every;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("head-signing").daemon().factory());

    HeadSigning(DataSource database, SignedHeads heads, SigningKey key, InstantSource clock, Duration every) {
        this.database = database;
        this.heads = heads;
        this.key = key;
        this.clock = clock;
        this.every = every;
    }

    void start() {
        timer.scheduleWithFixedDelay(this::signOrTell, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Signs all that has been recorded by now, and thins out what was signed long ago.
     *
     * @return the file with the new heads; empty when there is nothing new
     */
    public Optional<Path> sign() throws SQLException {
        Instant now = clock.instant();
        Optional<Path> signed = heads.write(new EventRows(database), settled(), now, key);
        heads.thinOut(now, key);
        return signed;
    }

    private long settled() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return EventHistory.settled(connection);
        }
    }

    /** What could not be signed now is signed the next time. */
    private void signOrTell() {
        try {
            sign();
        } catch (SQLException | RuntimeException e) {
            LOG.warn("The heads of the audit chains could not be signed: {}", e.toString());
        }
    }

    /** Signs what has been recorded since the last time. */
    @Override
    public void close() {
        timer.shutdown();
        signOrTell();
    }
}
