package dev.usageledger.bench;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What the clients of a load were told. Everything acknowledged is kept, for the check afterwards; only what was answered
 * after the lead-in and before the end counts for speed.
 */
final class Tally {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Load load;
    private final long start;
    private final long end;
    private final AtomicLongArray acknowledged;
    private final Histogram nanos =
            new ConcurrentHistogram(Duration.ofMinutes(1).toNanos(), SIGNIFICANT_DIGITS);

    Tally(Load load) {
        this.load = load;
        this.start = System.nanoTime() + load.leadIn().toNanos();
        this.end = start + load.time().toNanos();
        this.acknowledged = new AtomicLongArray(load.clients());
    }

    boolean isOver() {
        return System.nanoTime() >= end;
    }

    long nanosLeft() {
        return end - System.nanoTime();
    }

    /** The answer to what {@code client} sent at {@code sentAt} has come, and acknowledges all of it. */
    void acknowledged(int client, long sentAt) {
        long now = System.nanoTime();
        acknowledged.addAndGet(client, load.perRequest());
        if (now >= start && now < end) {
            nanos.recordValue(now - sentAt);
        }
    }

    Load load() {
        return load;
    }

    /** How many commands a client had acknowledged, lead-in and overtime included; they are numbered from 0. */
    long acknowledgedTo(int client) {
        return acknowledged.get(client);
    }

    long acknowledged() {
        long sum = 0;
        for (int client = 0; client < acknowledged.length(); client++) {
            sum += acknowledged.get(client);
        }
        return sum;
    }

    double perSecond() {
        return nanos.getTotalCount() * load.perRequest() * 1e9 / load.time().toNanos();
    }

    /** The time that so many percent of the requests took no more than. */
    double millis(double percent) {
        return nanos.getValueAtPercentile(percent) / 1e6;
    }
}
