package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.MessageHandler;

/**
 * Many commands, one commit: each organization belongs to one {@link Lane}, which decides what has queued up, stores it
 * together, and answers each command by itself once that is on disk. A lane that is full refuses at once.
 */
final class GroupCommitCommandBus extends CommitPerCommandBus {
    private final AtomicLong arrivals = new AtomicLong();
    private final List<Lane> lanes;

    GroupCommitCommandBus(
            TransactionManager transactions,
            BatchPreparation preparation,
            LedgerSettings settings,
            LaneMetrics metrics) {
        super(transactions);
        this.lanes = IntStream.range(0, settings.lanes())
                .mapToObj(
                        number -> new Lane("lane-" + number, transactions, preparation, this::alone, settings, metrics))
                .toList();
        metrics.observeQueue(() -> lanes.stream().mapToInt(Lane::waiting).sum());
    }

    @Override
    protected <C, R> void handle(
            CommandMessage<C> command,
            MessageHandler<? super CommandMessage<?>> handler,
            CommandCallback<? super C, ? super R> callback) {
        QueuedCommand<C, R> queued = new QueuedCommand<>(arrivals.incrementAndGet(), command, handler, callback);
        if (!laneOf(queued.organizationId()).offer(queued)) {
            queued.fail(new LedgerUnavailableException("too many commands are waiting", null));
        }
    }

    private Lane laneOf(OrganizationId organizationId) {
        return lanes.get(Math.floorMod(organizationId.hashCode(), lanes.size()));
    }

    private <C, R> void alone(QueuedCommand<C, R> queued) {
        if (queued.isCutOff()) {
            queued.cutOff();
        } else {
            super.handle(queued.command(), queued.handler(), queued.callback());
        }
    }

    /** Answers what waits, then stops. */
    @Override
    public void close() {
        lanes.forEach(Lane::close);
        lanes.forEach(Lane::awaitEnd);
    }
}
