package dev.usageledger.bench;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is measured, and for how long.
 *
 * @param time of each measurement
 * @param leadIn before each measurement, while its clients already work
 * @param warmUp once before the measurements of a row
 * @param serviceWarmUp once after the service has started, whose code is compiled while it works
 * @param runs how often each is measured; the median counts
 * @param organizations how many the spread usage is spread over
 * @param bulk how many events a request in bulk carries, unless there are too many clients for that
 * @param sizes how many events the ledger holds, for what is measured as it grows
 * @param histories how many events an organization has that is loaded from cold
 * @param memory how much of what is free {@link PageCache} makes use of at most before it counts, in MiB
 */
record Plan(
        Set<Row> rows,
        Duration time,
        Duration leadIn,
        Duration warmUp,
        Duration serviceWarmUp,
        int runs,
        int organizations,
        List<Integer> clients,
        int bulk,
        List<Long> sizes,
        List<Long> histories,
        long memory) {

    static Plan standard(Set<Row> rows, double seconds, int runs, boolean full) {
        return new Plan(
                rows,
                seconds(seconds),
                seconds(seconds / 5),
                seconds(3 * seconds),
                seconds(15 * seconds),
                runs,
                10_000,
                List.of(1, 8, 64, 256),
                1_000,
                full ? List.of(10_000L, 1_000_000L, 5_000_000L) : List.of(10_000L, 1_000_000L),
                List.of(1_000L, 100_000L, 1_000_000L),
                Long.MAX_VALUE);
    }

    /** Everything once and briefly: it tells whether all of it works, and nothing about speed. */
    static Plan quick(Set<Row> rows) {
        return new Plan(
                rows,
                seconds(0.2),
                Duration.ZERO,
                seconds(0.2),
                seconds(0.2),
                1,
                100,
                List.of(1, 8),
                100,
                List.of(100L, 2_000L),
                List.of(100L, 1_500L),
                16);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }

    int mostClients() {
        return clients.getLast();
    }

    /** The number of clients that most of what is to be reached is said about. */
    int usualClients() {
        return clients.contains(64) ? 64 : mostClients();
    }
}
