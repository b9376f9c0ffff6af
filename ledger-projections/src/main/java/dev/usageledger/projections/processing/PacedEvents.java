package dev.usageledger.projections.processing;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * Hands over no more events than are soon handled, and wakes the reader as they are. Left to itself, Axon's coordinator
 * reads ahead until its buffer of 1,024 is full and then sleeps 100 ms, which would be the end of speed at some 10,000
 * events/s.
 */
final class PacedEvents implements StreamableMessageSource<TrackedEventMessage<?>> {
    private final StreamableMessageSource<TrackedEventMessage<?>> events;
    private final int mostInFlight;
    private volatile @Nullable PacedStream open;

    PacedEvents(StreamableMessageSource<TrackedEventMessage<?>> events, int mostInFlight) {
        this.events = events;
        this.mostInFlight = mostInFlight;
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
        PacedStream stream = new PacedStream(events.openStream(after));
        open = stream;
        return stream;
    }

    /** So many events of the stream opened last have been handled. */
    void handled(int count) {
        PacedStream stream = open;
        if (stream != null) {
            stream.handled(count);
        }
    }

    private final class PacedStream implements BlockingStream<TrackedEventMessage<?>> {
        private final BlockingStream<TrackedEventMessage<?>> stream;
        private final AtomicInteger inFlight = new AtomicInteger();
        private volatile Runnable onAvailable = () -> {};

        PacedStream(BlockingStream<TrackedEventMessage<?>> stream) {
            this.stream = stream;
        }

        void handled(int count) {
            inFlight.addAndGet(-count);
            onAvailable.run();
        }

        @Override
        public boolean setOnAvailableCallback(Runnable callback) {
            onAvailable = callback;
            return stream.setOnAvailableCallback(callback);
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            return hasRoom() ? stream.peek() : Optional.empty();
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return hasRoom() && stream.hasNextAvailable(timeout, unit);
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            TrackedEventMessage<?> event = stream.nextAvailable();
            inFlight.incrementAndGet();
            return event;
        }

        @Override
        public void close() {
            onAvailable = () -> {};
            stream.close();
        }

        private boolean hasRoom() {
            return inFlight.get() < mostInFlight;
        }
    }
}
