package dev.usageledger.projections.processing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How far the read models have come, for those who wait. What this node does wakes them at once; for what another node
 * does, one of them looks at the stored position every now and then on behalf of all. Waiting is a reason to hurry.
 */
final class Progress {
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private final LongSupplier stored;
    private final Runnable hurry;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final ReentrantLock looking = new ReentrantLock();
    private volatile long known;

    Progress(LongSupplier stored, Runnable hurry) {
        this.stored = stored;
        this.hurry = hurry;
    }

    void reached(long position) {
        lock.lock();
        try {
            known = position;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What was known may have been lost in a crash of the database. */
    void forget() {
        known = 0;
    }

    /** @return whether {@code position} was reached in time */
    boolean await(long position, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (known < position) {
            look();
            long left = deadline - System.nanoTime();
            if (known >= position || left <= 0) {
                break;
            }
            hurry.run();
            awaitMove(position, Math.min(left, LOOK_EVERY_NANOS));
        }
        return known >= position;
    }

    private void look() {
        if (looking.tryLock()) {
            try {
                long now = stored.getAsLong();
                if (now > known) {
                    reached(now);
                }
            } finally {
                looking.unlock();
            }
        }
    }

    private void awaitMove(long position, long nanos) throws InterruptedException {
        lock.lock();
        try {
            if (known < position) {
                moved.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
