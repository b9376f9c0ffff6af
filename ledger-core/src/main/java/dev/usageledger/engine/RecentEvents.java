package dev.usageledger.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Events that this node has committed lately, so that its reader need not fetch what it has just written. There are
 * gaps where another node has written, or where a commit failed: what lies there is in the store alone, and so is what
 * has been taken before. Kept for longer, events would grow old in memory, and collecting them would take longer.
 */
final class RecentEvents {
    static final int MOST = 65_536;

    private final AtomicReferenceArray<RecordedEvent> byPosition = new AtomicReferenceArray<>(MOST);

    /** Notes what has been committed. */
    void add(List<RecordedEvent> committed) {
        committed.forEach(event -> byPosition.set(slot(event.position()), event));
    }

    /** Takes the events right after {@code position}, at most {@code limit}, up to the first that is not there. */
    List<RecordedEvent> take(long position, int limit) {
        List<RecordedEvent> events = new ArrayList<>();
        for (long next = position + 1; events.size() < limit; next++) {
            RecordedEvent event = byPosition.get(slot(next));
            if (event == null || event.position() != next) {
                break;
            }
            // Unless one that was committed later has come into its place.
            byPosition.compareAndSet(slot(next), event, null);
            events.add(event);
        }
        return events;
    }

    private static int slot(long position) {
        return (int) (position % MOST);
    }
}
