package dev.usageledger.engine;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/** Events in their final order. Where they end, it looks for more only when woken. One thread reads, any may wake. */
final class EventStream implements TrackingEventStream {
    private final EventStorageEngine storage;
    private final Consumer<EventStream> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean mayHaveMore = true;
    private volatile Runnable onAvailable = () -> {};
    private @Nullable TrackingToken last;
    private @Nullable TrackedEventMessage<?> next;
    private Iterator<? extends TrackedEventMessage<?>> fetched = Collections.emptyIterator();

    EventStream(EventStorageEngine storage, @Nullable TrackingToken after, Consumer<EventStream> onClose) {
        this.storage = storage;
        this.last = after;
        this.onClose = onClose;
    }

    void wake() {
        lock.lock();
        try {
            mayHaveMore = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        onAvailable.run();
    }

    @Override
    public boolean setOnAvailableCallback(Runnable callback) {
        onAvailable = callback;
        return true;
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
        return Optional.ofNullable(fetch());
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(timeout);
        while (fetch() == null) {
            if (left <= 0) {
                return false;
            }
            left = awaitWake(left);
        }
        return true;
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
        TrackedEventMessage<?> event = fetch();
        while (event == null) {
            awaitWake(Long.MAX_VALUE);
            event = fetch();
        }
        next = null;
        return event;
    }

    @Override
    public void close() {
        onAvailable = () -> {};
        onClose.accept(this);
    }

    private @Nullable TrackedEventMessage<?> fetch() {
        if (next == null && !fetched.hasNext() && takeWake()) {
            fetched = storage.readEvents(last, false).iterator();
        }
        if (next == null && fetched.hasNext()) {
            next = fetched.next();
            last = next.trackingToken();
        }
        return next;
    }

    private boolean takeWake() {
        lock.lock();
        try {
            boolean more = mayHaveMore;
            mayHaveMore = false;
            return more;
        } finally {
            lock.unlock();
        }
    }

    private long awaitWake(long nanos) throws InterruptedException {
        lock.lock();
        try {
            return mayHaveMore ? nanos : woken.awaitNanos(nanos);
        } finally {
            lock.unlock();
        }
    }
}
