package dev.usageledger.projections.processing;

import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * Hands events over to Axon by the batch, each in one message: what Axon does for a message, it does some thousand
 * times less often, and what it counts are batches.
 *
 * <p>No more are handed over than are soon handled, and the reader is woken as they are. Left to itself, Axon's
 * coordinator reads ahead until its buffer is full and then sleeps 100 ms, which would be the end of speed.
 */
final class EventBatches implements StreamableMessageSource<TrackedEventMessage<?>> {
    private final StreamableMessageSource<TrackedEventMessage<?>> events;
    private final int mostEvents;
    private volatile @Nullable BatchStream open;

    /** Events that are handled together. */
    record Batch(List<RecordedEvent> events) {
        long lastPosition() {
            return events.getLast().position();
        }
    }

    /** @param mostEvents of one batch */
    EventBatches(StreamableMessageSource<TrackedEventMessage<?>> events, int mostEvents) {
        this.events = events;
        this.mostEvents = mostEvents;
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
        BatchStream stream = new BatchStream(events.openStream(after));
        open = stream;
        return stream;
    }

    /** A batch of the stream opened last has been handled. */
    void handled() {
        BatchStream stream = open;
        if (stream != null) {
            stream.handled();
        }
    }

    private final class BatchStream implements BlockingStream<TrackedEventMessage<?>> {
        private final BlockingStream<TrackedEventMessage<?>> stream;
        private final AtomicInteger inFlight = new AtomicInteger();
        private volatile boolean lastWasFull;
        private volatile Runnable onAvailable = () -> {};
        private @Nullable TrackedEventMessage<?> next;

        BatchStream(BlockingStream<TrackedEventMessage<?>> stream) {
            this.stream = stream;
        }

        void handled() {
            inFlight.decrementAndGet();
            onAvailable.run();
        }

        @Override
        public boolean setOnAvailableCallback(Runnable callback) {
            onAvailable = callback;
            return stream.setOnAvailableCallback(callback);
        }

        @Override
        public Optional<TrackedEventMessage<?>> peek() {
            if (next == null && hasRoom() && stream.peek().isPresent()) {
                next = batch();
            }
            return Optional.ofNullable(next);
        }

        @Override
        public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            return next != null || (hasRoom() && stream.hasNextAvailable(timeout, unit));
        }

        @Override
        public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            TrackedEventMessage<?> batch = next;
            if (batch == null) {
                stream.hasNextAvailable(Integer.MAX_VALUE, TimeUnit.DAYS);
                batch = batch();
            }
            next = null;
            inFlight.incrementAndGet();
            return batch;
        }

        @Override
        public void close() {
            onAvailable = () -> {};
            stream.close();
        }

        /** Another is read while one is handled, unless there was no more: then it pays to let events gather. */
        private boolean hasRoom() {
            return inFlight.get() < (lastWasFull ? 2 : 1);
        }

        /** What there is, of which there is something. */
        private TrackedEventMessage<?> batch() {
            List<RecordedEvent> batch = new ArrayList<>();
            TrackingToken last;
            do {
                TrackedEventMessage<?> event = taken();
                last = event.trackingToken();
                batch.add(recorded(event));
            } while (batch.size() < mostEvents && stream.peek().isPresent());
            lastWasFull = batch.size() == mostEvents;
            return new GenericTrackedEventMessage<>(last, GenericEventMessage.asEventMessage(new Batch(batch)));
        }

        private TrackedEventMessage<?> taken() {
            try {
                return stream.nextAvailable();
            } catch (InterruptedException e) {
                throw new IllegalStateException("an event that is there is not waited for", e);
            }
        }
    }

    private static RecordedEvent recorded(TrackedEventMessage<?> message) {
        if (message instanceof DomainEventMessage<?> domain
                && message.getPayload() instanceof OrganizationEvent event) {
            return new RecordedEvent(
                    message.trackingToken().position().orElseThrow(),
                    new OrganizationId(domain.getAggregateIdentifier()),
                    domain.getSequenceNumber(),
                    UUID.fromString(message.getIdentifier()),
                    event,
                    metadata(message));
        }
        throw new IllegalArgumentException("only events of organizations are projected, not " + message);
    }

    private static Map<String, String> metadata(TrackedEventMessage<?> message) {
        Map<String, String> metadata = new LinkedHashMap<>();
        message.getMetaData().forEach((key, value) -> metadata.put(key, String.valueOf(value)));
        return metadata;
    }
}
