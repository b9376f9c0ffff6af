package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.axonframework.modelling.command.ConcurrencyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lanes: many commands, one commit. Each organization belongs to one lane, a single writer that takes what has queued
 * up while its last commit was flushing, decides it all, stores it in one transaction, and answers each command by
 * itself once that is on disk.
 *
 * <p>A rejection is an answer, so it costs its neighbours nothing. When another node was first, or a connection broke, the
 * batch is decided again on what is true by then; when anything else fails, its commands are run one by one, so that
 * only the one that is at fault fails. A lane that is full refuses at once.
 */
final class GroupCommitCommandBus extends CommitPerCommandBus {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitCommandBus.class);

    private final BatchPreparation preparation;
    private final LaneMetrics metrics;
    private final int mostPerBatch;
    private final List<Lane> lanes;

    /** Looks up in few queries what all commands of a batch will need. */
    interface BatchPreparation {
        void prepare(List<Submission> submissions);
    }

    GroupCommitCommandBus(
            TransactionManager transactions,
            BatchPreparation preparation,
            LedgerSettings settings,
            LaneMetrics metrics) {
        super(transactions);
        this.preparation = preparation;
        this.metrics = metrics;
        this.mostPerBatch = settings.batch();
        this.lanes = IntStream.range(0, settings.lanes())
                .mapToObj(number -> new Lane(number, settings.queue()))
                .toList();
        metrics.observeQueue(this::waiting);
    }

    private int waiting() {
        return lanes.stream().mapToInt(lane -> lane.queue.size()).sum();
    }

    @Override
    protected <C, R> void handle(
            CommandMessage<C> command,
            MessageHandler<? super CommandMessage<?>> handler,
            CommandCallback<? super C, ? super R> callback) {
        Queued<C, R> queued = new Queued<>(command, handler, callback);
        if (!laneOf(queued.organizationId()).queue.offer(queued.organizationId(), queued)) {
            queued.fail(new LedgerUnavailableException("too many commands are waiting", null));
        }
    }

    private Lane laneOf(OrganizationId organizationId) {
        return lanes.get(Math.floorMod(organizationId.hashCode(), lanes.size()));
    }

    private void together(List<Queued<?, ?>> batch) {
        for (int attempt = 1; ; attempt++) {
            long start = System.nanoTime();
            ResultMessage<List<Object>> results = decided(batch);
            if (!results.isExceptional()) {
                metrics.committed(batch.size(), System.nanoTime() - start);
                answer(batch, results.getPayload());
                return;
            }
            Throwable fault = results.exceptionResult();
            if (attempt >= mostAttempts(fault)) {
                giveUp(batch, fault);
                return;
            }
            metrics.repeated();
        }
    }

    /**
     * Another node that is first leaves the way free a moment later. A connection that breaks is replaced, one by one,
     * until those that broke with it are gone from the pool; where none can be had at all, waiting longer is the
     * sender's business.
     */
    private static int mostAttempts(Throwable fault) {
        return switch (fault) {
            case ConcurrencyException conflict -> 16;
            case LedgerUnavailableException none when none.getCause() instanceof SQLTransientConnectionException -> 1;
            case LedgerUnavailableException broken -> 16;
            default -> 1;
        };
    }

    private void giveUp(List<Queued<?, ?>> batch, Throwable fault) {
        if (fault instanceof LedgerUnavailableException) {
            // Each by itself would only wait for the same database again.
            batch.forEach(queued -> queued.fail(fault));
        } else {
            LOG.warn("a batch of {} commands is run one by one: {}", batch.size(), fault.toString());
            batch.forEach(this::alone);
        }
    }

    private ResultMessage<List<Object>> decided(List<Queued<?, ?>> batch) {
        // No transaction spans it: the store's unique indexes fence what was read first, and the one statement that
        // writes all events commits by itself. So a batch is two round trips.
        return DefaultUnitOfWork.startAndGet(batch.getFirst().command)
                .executeWithResult(
                        () -> {
                            preparation.prepare(
                                    batch.stream().map(Queued::submission).toList());
                            List<Object> results = new ArrayList<>(batch.size());
                            for (Queued<?, ?> queued : batch) {
                                results.add(queued.handler.handle(queued.command));
                            }
                            return results;
                        },
                        RollbackConfigurationType.ANY_THROWABLE);
    }

    private static void answer(List<Queued<?, ?>> batch, List<Object> results) {
        for (int i = 0; i < results.size(); i++) {
            batch.get(i).answer(results.get(i));
        }
    }

    private <C, R> void alone(Queued<C, R> queued) {
        super.handle(queued.command, queued.handler, queued.callback);
    }

    /** Answers what waits, then stops. */
    @Override
    public void close() {
        lanes.forEach(lane -> lane.queue.close());
        lanes.forEach(Lane::awaitEnd);
    }

    private final class Lane {
        private final LaneQueue<OrganizationId, Queued<?, ?>> queue;
        private final Thread thread;

        Lane(int number, int capacity) {
            queue = new LaneQueue<>(capacity);
            thread = Thread.ofPlatform().name("lane-" + number).daemon().start(this::run);
        }

        private void run() {
            List<Queued<?, ?>> batch = queue.take(mostPerBatch);
            while (!batch.isEmpty()) {
                try {
                    together(batch);
                } catch (Throwable fault) {
                    // A lane that dies would strand every organization that belongs to it.
                    LOG.error("a lane failed", fault);
                    batch.forEach(queued -> queued.fail(fault));
                }
                batch = queue.take(mostPerBatch);
            }
        }

        void awaitEnd() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A command that waits for its lane. */
    private record Queued<C, R>(
            CommandMessage<C> command,
            MessageHandler<? super CommandMessage<?>> handler,
            CommandCallback<? super C, ? super R> callback) {

        Submission submission() {
            return (Submission) command.getPayload();
        }

        OrganizationId organizationId() {
            return submission().command().organizationId();
        }

        @SuppressWarnings("unchecked")
        void answer(Object result) {
            callback.onResult(command, new GenericCommandResultMessage<>((R) result));
        }

        void fail(Throwable fault) {
            callback.onResult(command, new GenericCommandResultMessage<>(fault));
        }
    }
}
