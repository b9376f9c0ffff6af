package dev.usageledger.projections.processing;

import dev.usageledger.engine.JdbcTransactions;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.LedgerPolicy;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.ErrorContext;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every read model up to date with the ledger, on any number of nodes: one does the work, and another takes over
 * within seconds when it stops or dies.
 *
 * <p>What it guarantees: all tables and their token change in one transaction per batch, so they never disagree, and
 * every event counts exactly once. A batch that fails is tried again and again, ever more seldom, and never skipped;
 * {@link #status} shows it. Tables built by another definition of the read models are replayed from the first event.
 */
public final class ReadModels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadModels.class);
    private static final int EVENTS_PER_BATCH = 40_000;
    private static final long STOP_SECONDS = 10;

    private final Ledger ledger;
    private final JdbcTransactions transactions;
    private final Projector projector;
    private final Progress progress;
    private final ScheduledExecutorService coordinator = thread("read-models-coordinator");
    private final ScheduledExecutorService worker = thread("read-models");
    private final PooledStreamingEventProcessor processor;
    private volatile @Nullable String error;

    public ReadModels(Ledger ledger, LedgerPolicy policy) {
        this.ledger = ledger;
        this.transactions = ledger.transactions();
        this.projector = new Projector(policy);
        this.progress = new Progress(this::position, ledger::hurryReaders);
        this.processor = processor();
    }

    private PooledStreamingEventProcessor processor() {
        EventBatches batches = new EventBatches(ledger.eventStore(), EVENTS_PER_BATCH);
        return PooledStreamingEventProcessor.builder()
                .name("read-models")
                .messageSource(batches)
                .eventHandlerInvoker(new BatchHandler(transactions, projector, batch -> {
                    batches.handled();
                    error = null;
                    progress.reached(batch.lastPosition());
                }))
                .tokenStore(new TokenClaims(transactions, UUID.randomUUID().toString(), projector))
                .transactionManager(transactions)
                .rollbackConfiguration(RollbackConfigurationType.ANY_THROWABLE)
                .errorHandler(this::failed)
                .initialSegmentCount(1)
                .initialToken(source -> new GlobalSequenceTrackingToken(0))
                .batchSize(1)
                .tokenClaimInterval(TokenClaims.CLAIM.toMillis() / 5)
                .claimExtensionThreshold(TokenClaims.CLAIM.toMillis() / 5)
                .coordinatorExecutor(coordinator)
                .workerExecutor(worker)
                .build();
    }

    /** Starts updating, after the tables have been emptied if another definition of the read models had built them. */
    public void start() {
        transactions
                .call(projector::prepare)
                .ifPresent(held -> LOG.info(
                        "Read models are rebuilt from the first event: they held [{}] and are now [{}]",
                        held,
                        projector.definition()));
        processor.start();
    }

    /**
     * How far the read models have come, and whether they go on.
     *
     * @throws dev.usageledger.engine.LedgerUnavailableException when the database is out of reach
     */
    public ReadModelsStatus status() {
        long position = position();
        return new ReadModelsStatus(position, ledger.head(), processor.isRunning(), error());
    }

    private @Nullable String error() {
        String failed = error;
        return failed == null && processor.isError() ? "events or token cannot be read" : failed;
    }

    /**
     * Waits until the read models contain the event at {@code position} and all before it, whichever node sees to it.
     *
     * @return whether they did within {@code atMost}
     */
    public boolean awaitPosition(long position, Duration atMost) throws InterruptedException {
        return progress.await(position, atMost);
    }

    private long position() {
        return transactions.call(connection -> projector.token().position(connection));
    }

    private void failed(ErrorContext context) throws Exception {
        error = said(context.error());
        progress.forget();
        PropagatingErrorHandler.INSTANCE.handleError(context);
    }

    /** The first line of what lies at the root of a failure: the rest is in the log. */
    private static String said(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.toString());
    }

    /** Lets the batch in hand finish and gives up the claim, so that another node can go on at once. */
    @Override
    public void close() {
        try {
            processor.shutdownAsync().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("Read models did not stop in order; another node can take over in {}", TokenClaims.CLAIM, e);
        } finally {
            coordinator.shutdownNow();
            worker.shutdownNow();
        }
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }
}
