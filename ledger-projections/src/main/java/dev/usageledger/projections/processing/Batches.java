package dev.usageledger.projections.processing;

import dev.usageledger.engine.JdbcTransactions;
import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/** Axon hands over events one by one within a batch; read models want the batch. */
final class Batches implements EventHandlerInvoker {
    private final JdbcTransactions transactions;
    private final Projector projector;
    private final Consumer<List<RecordedEvent>> onCommit;

    Batches(JdbcTransactions transactions, Projector projector, Consumer<List<RecordedEvent>> onCommit) {
        this.transactions = transactions;
        this.projector = projector;
        this.onCommit = onCommit;
    }

    @Override
    public boolean canHandle(EventMessage<?> message, Segment segment) {
        return true;
    }

    /** Takes the whole batch with its first message; the others of it have then been handled. */
    @Override
    public void handle(EventMessage<?> message, Segment segment) {
        BatchingUnitOfWork<?> unitOfWork = (BatchingUnitOfWork<?>) CurrentUnitOfWork.get();
        if (unitOfWork.isFirstMessage(message)) {
            List<RecordedEvent> batch =
                    unitOfWork.getMessages().stream().map(Batches::recorded).toList();
            transactions.run(connection -> projector.apply(batch, connection));
            unitOfWork.afterCommit(committed -> {
                projector.deliveredUpTo(batch.getLast().position());
                onCommit.accept(batch);
            });
        }
    }

    private static RecordedEvent recorded(Message<?> message) {
        if (message instanceof DomainEventMessage<?> domain
                && message instanceof TrackedEventMessage<?> tracked
                && message.getPayload() instanceof OrganizationEvent event) {
            return new RecordedEvent(
                    tracked.trackingToken().position().orElseThrow(),
                    new OrganizationId(domain.getAggregateIdentifier()),
                    domain.getSequenceNumber(),
                    UUID.fromString(message.getIdentifier()),
                    event,
                    metadata(message));
        }
        throw new IllegalArgumentException("only events of organizations are projected, not " + message);
    }

    private static Map<String, String> metadata(Message<?> message) {
        Map<String, String> metadata = new LinkedHashMap<>();
        message.getMetaData().forEach((key, value) -> metadata.put(key, String.valueOf(value)));
        return metadata;
    }
}
