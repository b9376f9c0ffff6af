package dev.usageledger.api.rejections;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
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
 * Notes what was refused, off the way of the command: one thread stores every second what is newest of each owner. To
 * note takes no longer when the database is slow or away, and never fails; what does not fit, or cannot be stored, is
 * dropped and counted. What has gathered is stored at an orderly end; a crash takes the last second with it.
 */
@Component
public final class RejectionLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
    // Some megabytes at most, however long the database is away.
    private static final int MOST_GATHERED = 2_048;
    private static final int STORES_PER_EXPIRY = 600;
    private static final long STOP_SECONDS = 5;

    private final RejectionTable table;
    private final InstantSource clock;
    private final Counter stored;
    private final Counter dropped;
    private final BlockingQueue<Refused> noted = new ArrayBlockingQueue<>(MOST_GATHERED);
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("rejections").daemon().factory());
    private Newest newest = nothing();
    private int storesUntilExpiry;

    RejectionLog(RejectionTable table, InstantSource clock, MeterRegistry meters) {
        this.table = table;
        this.clock = clock;
        this.stored = counter(meters, "stored");
        this.dropped = counter(meters, "dropped");
        writer.scheduleWithFixedDelay(this::gather, 100, 100, TimeUnit.MILLISECONDS);
        writer.scheduleWithFixedDelay(this::storeQuietly, 1, 1, TimeUnit.SECONDS);
    }

    private static Newest nothing() {
        return new Newest(RejectionTable.MOST_OF_EACH, MOST_GATHERED);
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("ledger.rejections.logged")
                .description(
                        "Refused commands that were stored for support, or dropped; neither is where newer ones took their place")
                .tag("outcome", outcome)
                .register(meters);
    }

    /** Notes a refusal; never waits and never fails. */
    public void note(Refused refused) {
        if (!noted.offer(refused)) {
            dropped.increment();
        }
    }

    /** Stores what has been noted so far on this node, for somebody who is about to look. */
    public synchronized void store() {
        gather();
        Newest batch = newest;
        newest = nothing();
        try {
            if (batch.size() > 0) {
                table.add(batch);
                stored.increment(batch.size());
            }
            expireNowAndThen();
        } catch (DataAccessException e) {
            dropped.increment(batch.size());
            LOG.warn("{} refused commands could not be noted for support: {}", batch.size(), e.toString());
        }
    }

    // Often, since it is cheap: what waits in one queue for everybody must not fill up with one customer's retries.
    private synchronized void gather() {
        for (Refused refused = noted.poll(); refused != null; refused = noted.poll()) {
            if (!newest.add(refused)) {
                dropped.increment();
            }
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
