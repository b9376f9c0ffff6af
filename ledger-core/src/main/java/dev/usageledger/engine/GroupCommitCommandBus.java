package dev.usageledger.engine;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.MessageHandler;

/**
 * Many commands, one commit: a {@link Lane} decides what has queued up, stores it together, and answers each command by
 * itself once that is on disk. {@link LaneAssignments} tell which lane an organization belongs to. A lane that is full
 * refuses at once.
 */
final class GroupCommitCommandBus extends CommitPerCommandBus {
    private final AtomicLong arrivals = new AtomicLong();
    private final List<Lane> lanes;
    private final LaneAssignments assignments;

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
        this.assignments = new LaneAssignments(lanes, Math.min(settings.batch() / 4, settings.queue()));
        metrics.observeQueue(() -> lanes.stream().mapToInt(Lane::waiting).sum());
    }

    @Override
    protected <C, R> void handle(
            CommandMessage<C> command,
            MessageHandler<? super CommandMessage<?>> handler,
            CommandCallback<? super C, ? super R> callback) {
        Lane lane = assignments.begin(Submission.of(command).organizationId());
        QueuedCommand<C, R> queued =
                new QueuedCommand<>(arrivals.incrementAndGet(), command, handler, new Ending<>(callback));
        if (!lane.offer(queued)) {
            queued.fail(new LedgerUnavailableException("too many commands are waiting", null));
        }
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

    /**
     * Ends the assignment once the answer has been given, so that who hears that a command could not be answered knows it
     * before another lane decides about the organization. Once, even if another answer follows since the first failed.
     */
    private final class Ending<C, R> implements CommandCallback<C, R> {
        private final CommandCallback<? super C, ? super R> callback;
        private boolean ended;

        Ending(CommandCallback<? super C, ? super R> callback) {
            this.callback = callback;
        }

        @Override
        public void onResult(CommandMessage<? extends C> command, CommandResultMessage<? extends R> result) {
            try {
                callback.onResult(command, result);
            } finally {
                if (!ended) {
                    ended = true;
                    assignments.end(Submission.of(command).organizationId());
                }
            }
        }
    }
}
