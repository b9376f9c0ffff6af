package dev.usageledger.api.http;

import dev.usageledger.api.http.problem.Problem;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.problem.ProblemType;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Bounds how much is under way at once. Whoever comes on top of it waits for its turn, in the order of arrival. */
public final class Turns {
    private final int atOnce;
    private final Duration longestWait;
    private final String busy;
    private final Semaphore free;

    /**
     * @param atOnce how much is under way at most, in whatever it is counted
     * @param longestWait how long a turn is waited for
     * @param busy what to tell who has waited that long
     */
    public Turns(int atOnce, Duration longestWait, String busy) {
        this.atOnce = atOnce;
        this.longestWait = longestWait;
        this.busy = busy;
        this.free = new Semaphore(atOnce, true);
    }

    /**
     * Does some work when there is room for all of it; what is larger than there ever is room for, when nothing else is
     * under way.
     *
     * @throws ProblemException {@code overloaded}, when there was no room for too long; nothing is done then
     */
    public <T> T take(int size, Supplier<T> work) {
        int taken = Math.min(size, atOnce);
        await(taken);
        try {
            return work.get();
        } finally {
            free.release(taken);
        }
    }

    /** How many wait for their turn. */
    public int waiting() {
        return free.getQueueLength();
    }

    private void await(int size) {
        try {
            if (!free.tryAcquire(size, longestWait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw overloaded();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw overloaded();
        }
    }

    private ProblemException overloaded() {
        return new ProblemException(new Problem(ProblemType.OVERLOADED, busy));
    }
}
