package dev.usageledger.engine;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Axon's event store with streams of its own. Axon's cannot tell a pooled processor that there is more, so it looks
 * every 500 ms; these are woken soon after a commit of this node, and now and then for the sake of other nodes. Not
 * at once: what is read together costs less, so the more is written, the longer it gathers, unless somebody is
 * waiting for it.
 */
final class LedgerEventStore extends EmbeddedEventStore {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerEventStore.class);
    private static final long TICK_MILLIS = 50;
    private static final int TICKS_BETWEEN_LOOKS = 2;
    private static final int MOST_TICKS = 20;

    /** Readers are left alone for one tick more for each so many events that a tick brings. */
    private static final int EVENTS_PER_TICK = 40;

    private final EventStorageEngine storage;
    private final Set<EventStream> open = new CopyOnWriteArraySet<>();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("event-streams").daemon().factory());
    private final AtomicInteger written = new AtomicInteger();
    private volatile boolean awaited;
    private int ticks;

    LedgerEventStore(EventStorageEngine storage) {
        super(EmbeddedEventStore.builder().storageEngine(storage));
        this.storage = storage;
        ticker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken after) {
        EventStream stream = new EventStream(storage, after, open::remove);
        open.add(stream);
        return stream;
    }

    /** Somebody is waiting for what has been written. */
    void hurry() {
        awaited = true;
    }

    /** Prepares what is published for the store while an earlier batch is still being committed. */
    @Override
    public void publish(List<? extends EventMessage<?>> events) {
        super.publish(events.stream().map(NewEvent::prepared).toList());
    }

    @Override
    protected void afterCommit(List<? extends EventMessage<?>> events) {
        written.addAndGet(events.size());
    }

    private void tick() {
        ticks++;
        int gathered = written.get();
        if (awaited || isEnough(gathered)) {
            awaited = false;
            written.addAndGet(-gathered);
            ticks = 0;
            open.forEach(LedgerEventStore::wake);
        }
    }

    private boolean isEnough(int gathered) {
        return gathered == 0
                ? ticks >= TICKS_BETWEEN_LOOKS
                : ticks >= MOST_TICKS || ticks * ticks * EVENTS_PER_TICK >= gathered;
    }

    /** One reader that cannot be woken, because it is being shut down, must not end the ticks for all. */
    private static void wake(EventStream stream) {
        try {
            stream.wake();
        } catch (RuntimeException e) {
            LOG.debug("a reader could not be woken", e);
        }
    }

    @Override
    public void shutDown() {
        ticker.shutdownNow();
        super.shutDown();
    }
}
