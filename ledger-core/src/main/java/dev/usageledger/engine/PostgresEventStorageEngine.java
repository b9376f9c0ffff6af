package dev.usageledger.engine;

import dev.usageledger.engine.HashChain.LinkedEvent;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/**
 * Axon's event store on a schema of our own. Appending is one statement however many events there are, in the thread's
 * transaction or else committed by itself, and fails with {@link ConcurrencyException} when another writer was first.
 */
final class PostgresEventStorageEngine implements EventStorageEngine {
    static final String AGGREGATE_TYPE = "Organization";
    private static final int EVENTS_PER_FETCH = 2_000;

    private final JdbcTransactions transactions;
    private final HashChain chain;
    private final RecentEvents recent = new RecentEvents();
    private final SettledEvents settled;

    /** @param organizationsKept of how many the last hash is kept in memory */
    PostgresEventStorageEngine(JdbcTransactions transactions, long organizationsKept) {
        this.transactions = transactions;
        this.chain = new HashChain(organizationsKept);
        this.settled = new SettledEvents(transactions, recent);
    }

    @Override
    public void appendEvents(List<? extends EventMessage<?>> messages) {
        // Two writers that insert in the same order can only wait for each other, never in a circle.
        List<NewEvent> events = messages.stream()
                .map(NewEvent::of)
                .sorted(Comparator.comparing(event -> event.organizationId().value()))
                .toList();
        if (events.isEmpty()) {
            return;
        }
        try {
            Appended appended = transactions.once(connection -> append(connection, events));
            AppendedPositions.note(appended.recorded());
            CurrentUnitOfWork.get().root().afterCommit(committed -> {
                chain.remember(appended.linked());
                recent.add(appended.recorded());
            });
        } catch (DatabaseException e) {
            throw e.isConflict() ? new ConcurrencyException("another writer was first", e) : e;
        }
    }

    private record Appended(List<LinkedEvent> linked, List<RecordedEvent> recorded) {}

    private Appended append(Connection connection, List<NewEvent> events) throws SQLException {
        List<LinkedEvent> linked = chain.link(connection, events);
        return new Appended(linked, EventTable.append(connection, linked));
    }

    /**
     * Every event after {@code token} whose place in the order is final; ends where the last of them is reached. A
     * reader that looked on while events are being written would fetch a few at a time, and cost writers more than the
     * events themselves.
     */
    @Override
    public Stream<? extends TrackedEventMessage<?>> readEvents(@Nullable TrackingToken token, boolean mayBlock) {
        long start = token == null ? 0 : token.position().orElse(0);
        return Stream.iterate(
                        settled.after(start, EVENTS_PER_FETCH),
                        batch -> !batch.isEmpty(),
                        batch -> batch.size() < EVENTS_PER_FETCH
                                ? List.of()
                                : settled.after(batch.getLast().position(), EVENTS_PER_FETCH))
                .flatMap(List::stream)
                .map(PostgresEventStorageEngine::tracked);
    }

    private static TrackedEventMessage<?> tracked(RecordedEvent recorded) {
        return new GenericTrackedDomainEventMessage<>(
                new GlobalSequenceTrackingToken(recorded.position()), message(recorded));
    }

    private static DomainEventMessage<OrganizationEvent> message(RecordedEvent recorded) {
        return new GenericDomainEventMessage<>(
                AGGREGATE_TYPE,
                recorded.organizationId().value(),
                recorded.sequence(),
                recorded.event(),
                recorded.metadata(),
                recorded.eventId().toString(),
                recorded.event().recordedAt());
    }

    @Override
    public DomainEventStream readEvents(String aggregateIdentifier, long firstSequenceNumber) {
        List<DomainEventMessage<?>> messages = new ArrayList<>();
        OrganizationId organizationId = new OrganizationId(aggregateIdentifier);
        transactions.run(connection -> EventTable.read(
                connection, organizationId, firstSequenceNumber - 1, event -> messages.add(message(event))));
        return DomainEventStream.of(messages);
    }

    /** Snapshots are states, and {@link Organizations} reads them; Axon is never given one as an event. */
    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String aggregateIdentifier) {
        return Optional.empty();
    }

    @Override
    public void storeSnapshot(DomainEventMessage<?> snapshot) {
        throw new IllegalStateException("snapshots are not events here: " + snapshot.getPayloadType());
    }

    @Override
    public TrackingToken createTailToken() {
        return new GlobalSequenceTrackingToken(0);
    }

    /** A reader that started behind the last event would miss one before it that is still being written. */
    @Override
    public TrackingToken createHeadToken() {
        throw notInTheMiddle();
    }

    /** As {@link #createHeadToken}: a moment says nothing about positions that are still being written. */
    @Override
    public TrackingToken createTokenAt(Instant at) {
        throw notInTheMiddle();
    }

    private static UnsupportedOperationException notInTheMiddle() {
        return new UnsupportedOperationException("read from the first event, or from where a reader has got to");
    }
}
