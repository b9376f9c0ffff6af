package dev.usageledger.api.rejections;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Notes what was refused, off the way of the command: one thread stores what has gathered every second. To note takes no
 * longer when the database is slow or away and fails never; what does not fit, or cannot be stored, is dropped and
 * counted. What has gathered is stored at an orderly end; a crash takes the last second with it.
 */
@Component
public final class RejectionLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
    // What gathers in a second, or else in the time that the database is away: some megabytes at most.
    private static final int MOST_GATHERED = 2_048;
    private static final int STORES_PER_EXPIRY = 600;
    private static final long STOP_SECONDS = 5;

    private final RejectionTable table;
    private final InstantSource clock;
    private final Counter stored;
    private final Counter dropped;
    private final BlockingQueue<Refused> gathered = new ArrayBlockingQueue<>(MOST_GATHERED);
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("rejections").daemon().factory());
    private int storesUntilExpiry;

    RejectionLog(RejectionTable table, InstantSource clock, MeterRegistry meters) {
        this.table = table;
        this.clock = clock;
        this.stored = counter(meters, "stored");
        this.dropped = counter(meters, "dropped");
        writer.scheduleWithFixedDelay(this::storeQuietly, 1, 1, TimeUnit.SECONDS);
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("ledger.rejections.logged")
                .description(
                        "Refused commands that were noted for support, or dropped since there were too many at once")
                .tag("outcome", outcome)
                .register(meters);
    }

    /** Notes a refusal; never waits and never fails. */
    public void note(Refused refused) {
        if (!gathered.offer(refused)) {
            dropped.increment();
        }
    }

    /** Stores what has been noted so far on this node, for somebody who is about to look. */
    public synchronized void store() {
        List<Refused> batch = new ArrayList<>(gathered.size());
        gathered.drainTo(batch);
        try {
            if (!batch.isEmpty()) {
                table.add(batch);
                stored.increment(batch.size());
            }
            expireNowAndThen();
        } catch (DataAccessException e) {
            dropped.increment(batch.size());
            LOG.warn("{} refused commands could not be noted for support: {}", batch.size(), e.toString());
        }
    }

    private void expireNowAndThen() {
        if (storesUntilExpiry-- <= 0) {
            storesUntilExpiry = STORES_PER_EXPIRY;
            table.expire(clock.instant());
        }
    }

    // A task that fails is not run again, and there will be other rejections.
    private void storeQuietly() {
        try {
            store();
        } catch (RuntimeException e) {
            LOG.error("Refused commands could not be noted for support", e);
        }
    }

    @Override
    public void close() {
        writer.shutdown();
        try {
            writer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        storeQuietly();
    }
}
