package dev.usageledger.projections.processing;

import dev.usageledger.engine.JdbcTransactions;
import dev.usageledger.projections.processing.EventBatches.Batch;
import java.util.function.Consumer;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/** Axon's way to the read models. */
final class BatchHandler implements EventHandlerInvoker {
    private final JdbcTransactions transactions;
    private final Projector projector;
    private final Consumer<Batch> onCommit;

    BatchHandler(JdbcTransactions transactions, Projector projector, Consumer<Batch> onCommit) {
        this.transactions = transactions;
        this.projector = projector;
        this.onCommit = onCommit;
    }

    @Override
    public boolean canHandle(EventMessage<?> message, Segment segment) {
        return true;
    }

    @Override
    public void handle(EventMessage<?> message, Segment segment) {
        Batch batch = (Batch) message.getPayload();
        transactions.run(connection -> projector.apply(batch.events(), connection));
        CurrentUnitOfWork.get().afterCommit(committed -> {
            projector.deliveredUpTo(batch.lastPosition());
            onCommit.accept(batch);
        });
    }
}
