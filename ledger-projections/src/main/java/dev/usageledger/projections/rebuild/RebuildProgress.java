package dev.usageledger.projections.rebuild;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How far a rebuild has come; anybody may look at any time. */
public final class RebuildProgress {
    private final LongAdder events = new LongAdder();
    private volatile AtomicLongArray reached = new AtomicLongArray(0);
    private volatile long last = 1;
    private volatile boolean abandoned;

    /** How many events have been taken in. */
    public long events() {
        return events.sum();
    }

    /** How much of the work is done, 0 to 1, by the positions that are passed. */
    public double share() {
        AtomicLongArray ranges = reached;
        double passed = 0;
        for (int range = 0; range < ranges.length(); range++) {
            passed += ranges.get(range);
        }
        return ranges.length() == 0 ? 0 : Math.min(1, passed / ranges.length() / last);
    }

    /** Ends the work early, with a failure: nothing has been changed by then. */
    public void abandon() {
        abandoned = true;
    }

    public void begin(int ranges, long lastPosition) {
        last = Math.max(1, lastPosition);
        reached = new AtomicLongArray(ranges);
    }

    public void passed(int range, long position, long moreEvents) {
        if (abandoned) {
            throw new RebuildFailedException("The rebuild was stopped before it was done; nothing has been changed.");
        }
        reached.set(range, position);
        events.add(moreEvents);
    }

    void finished(int range, long moreEvents) {
        passed(range, last, moreEvents);
    }
}
