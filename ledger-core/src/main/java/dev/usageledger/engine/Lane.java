package dev.usageledger.engine;

import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.OrganizationId;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single writer of its organizations. It takes what has queued up, decides it, stores all events in one statement
 * that commits by itself, and answers each command once that is on disk. A rejection is an answer, so there is nothing to
 * undo.
 *
 * <p><b>In one round trip.</b> Nothing is looked up where memory is enough: a batch is decided on the organizations as
 * they are expected to be, and the unique indexes of the store prove it. Had another node recorded anything since, or
 * had a command come before, a sequence or an identifier would be taken and nothing of the batch would be stored. What
 * leaves no event cannot be proved so: a rejection or a replay is answered only after a look at the store.
 *
 * <p><b>Ahead of the disk.</b> Two threads, so that one decides the next batch while the other commits. Who decides has
 * taken from {@link #queue} and not passed on, who commits holds {@link #committing}; batches pass from one to the other
 * in order.
 *
 * <p><b>When it fails.</b> A batch that was presumed right and was not is put back and decided again after a look, and
 * so is the one that was decided on top of it. A node whose memory is up to date is faster than one that has to look, so
 * whoever has lost makes all others wait for its next batches ({@link EventTable#takeTurn}), but goes on without a turn
 * that is not to be had soon. One that fails even so is decided again while connections break; when anything else
 * fails, its commands are run one by one, so that only the one at fault fails.
 */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** Where the store has refused a batch it may soon refuse another, which costs more than a look. */
    private static final int LOOKS_AFTER_A_REFUSAL = 16;

    /** How long to let commands gather between two looks into the queue, while another batch is being committed. */
    private static final long GATHERING_MICROS = 500;

    private final TransactionManager transactions;
    private final BatchPreparation preparation;
    private final Consumer<QueuedCommand<?, ?>> alone;
    private final LaneMetrics metrics;
    private final int mostPerBatch;
    private final LaneQueue<OrganizationId, QueuedCommand<?, ?>> queue;
    private final ReentrantLock committing = new ReentrantLock();
    private final List<Thread> threads;

    /** How many of the next batches look first. Belongs to whoever commits, but for a glance. */
    private volatile int looksLeft;

    /** How many batches were stored on a presumption and refused. As above. */
    private volatile int refusals;

    /** When the commit under way was begun, as {@link System#nanoTime()}. Belongs to whoever commits. */
    private long commitStart;

    Lane(
            String name,
            TransactionManager transactions,
            BatchPreparation preparation,
            Consumer<QueuedCommand<?, ?>> alone,
            LedgerSettings settings,
            LaneMetrics metrics) {
        this.transactions = transactions;
        this.preparation = preparation;
        this.alone = alone;
        this.metrics = metrics;
        this.mostPerBatch = settings.batch();
        this.queue = new LaneQueue<>(settings.queue());
        this.threads = Stream.of("a", "b")
                .map(thread -> Thread.ofPlatform().name(name + thread).daemon().start(this::run))
                .toList();
    }

    /** Whether there was room. */
    boolean offer(QueuedCommand<?, ?> command) {
        return queue.offer(command.organizationId(), command);
    }

    /** How many commands wait. */
    int waiting() {
        return queue.size();
    }

    private void run() {
        boolean more = true;
        while (more) {
            try {
                // Before the batch is taken, since what is put back afterwards is older than it.
                int refusalsBefore = refusals;
                List<QueuedCommand<?, ?>> batch = queue.take(mostPerBatch);
                more = !batch.isEmpty();
                cutOff(batch);
                if (!batch.isEmpty()) {
                    handle(batch, refusalsBefore);
                }
            } catch (Throwable fault) {
                // Such as a lack of memory, when this thread ends: the other one must not wait for it.
                queue.passOn();
                throw fault;
            } finally {
                if (committing.isHeldByCurrentThread()) {
                    committing.unlock();
                }
            }
        }
    }

    /** Takes out what must not be decided any more. What it is behind has been taken before it. */
    private static void cutOff(List<QueuedCommand<?, ?>> batch) {
        batch.removeIf(queued -> {
            boolean isCutOff = queued.isCutOff();
            if (isCutOff) {
                queued.cutOff();
            }
            return isCutOff;
        });
    }

    private void handle(List<QueuedCommand<?, ?>> batch, int refusalsBefore) {
        try {
            if (looksLeft > 0) {
                look(batch, refusalsBefore);
            } else {
                presume(batch, refusalsBefore);
            }
        } catch (Throwable fault) {
            // A lane that dies would strand every organization that belongs to it.
            LOG.error("a lane failed", fault);
            batch.forEach(queued -> queued.fail(fault));
        }
    }

    private void presume(List<QueuedCommand<?, ?>> batch, int refusalsBefore) {
        ResultMessage<List<Decided>> results = inUnitOfWork(batch, () -> {
            List<Decided> decided = new ArrayList<>();
            decideOnPresumption(batch, decided);
            while (!mayCommit(batch.size())) {
                List<QueuedCommand<?, ?>> more = queue.poll(mostPerBatch - batch.size());
                cutOff(more);
                batch.addAll(more);
                decideOnPresumption(more, decided);
            }
            if (refusals != refusalsBefore) {
                throw new Unproven();
            }
            preparation.expectDecided();
            // Such handlers run last in, first out: what the store does as it appends still comes before, such as
            // remembering the links that the next batch follows. For the rest that batch need not wait.
            CurrentUnitOfWork.get().afterCommit(stored -> committed(batch));
            queue.passOn();
            return decided;
        });
        if (!results.isExceptional()) {
            answer(batch, results.getPayload());
        } else if (queue.isTaking()) {
            look(batch, refusalsBefore);
        } else {
            metrics.repeated();
            looksLeft = LOOKS_AFTER_A_REFUSAL;
            putBack(batch);
            refusals++;
        }
    }

    private void decideOnPresumption(List<QueuedCommand<?, ?>> commands, List<Decided> to) throws Exception {
        if (!preparation.presume(submissions(commands))) {
            throw new Unproven();
        }
        for (QueuedCommand<?, ?> queued : commands) {
            Decided decided = queued.decide();
            if (!(decided.decision() instanceof Accepted accepted)
                    || accepted.events().isEmpty()) {
                throw new Unproven();
            }
            to.add(decided);
        }
    }

    /** Waits a little for the commit under way, or as long as it takes where no more commands fit in. */
    private boolean mayCommit(int decided) throws InterruptedException {
        if (decided >= mostPerBatch) {
            beginCommit();
        } else if (committing.tryLock(GATHERING_MICROS, TimeUnit.MICROSECONDS)) {
            commitStart = System.nanoTime();
        }
        return committing.isHeldByCurrentThread();
    }

    private void beginCommit() {
        if (!committing.isHeldByCurrentThread()) {
            committing.lock();
        }
        commitStart = System.nanoTime();
    }

    private void look(List<QueuedCommand<?, ?>> batch, int refusalsBefore) {
        beginCommit();
        if (refusals != refusalsBefore) {
            // Commands that are older may have been put back since.
            putBack(batch);
            return;
        }
        boolean hasLost = looksLeft > 0;
        looksLeft = Math.max(0, looksLeft - 1);
        for (int attempt = 1; ; attempt++) {
            ResultMessage<List<Decided>> results = hasLost ? inTurn(batch) : inUnitOfWork(batch, () -> looked(batch));
            if (!results.isExceptional()) {
                committed(batch);
                answer(batch, results.getPayload());
                return;
            }
            Throwable fault = results.exceptionResult();
            if (attempt >= mostAttempts(fault)) {
                giveUp(batch, fault);
                return;
            }
            hasLost = DatabaseException.wasAnotherFirst(fault);
            if (!hasLost) {
                // Whoever waits for a turn keeps all others waiting meanwhile, so the next batch does not do it again.
                looksLeft = 0;
            }
            metrics.repeated();
        }
    }

    private List<Decided> looked(List<QueuedCommand<?, ?>> batch) throws Exception {
        preparation.lookUp(submissions(batch));
        List<Decided> decided = new ArrayList<>(batch.size());
        for (QueuedCommand<?, ?> queued : batch) {
            decided.add(queued.decide());
        }
        return decided;
    }

    /** In a transaction that keeps other writers away from the look until the commit: it cannot lose again. */
    private ResultMessage<List<Decided>> inTurn(List<QueuedCommand<?, ?>> batch) {
        return inUnitOfWork(batch, () -> {
            CurrentUnitOfWork.get().attachTransaction(transactions);
            preparation.takeTurn();
            return looked(batch);
        });
    }

    /** Unless it has a transaction, the one statement that stores all events as the unit of work ends commits by itself. */
    private static ResultMessage<List<Decided>> inUnitOfWork(
            List<QueuedCommand<?, ?>> batch, Callable<List<Decided>> work) {
        return DefaultUnitOfWork.startAndGet(batch.getFirst().command())
                .executeWithResult(work, RollbackConfigurationType.ANY_THROWABLE);
    }

    private static List<Submission> submissions(List<QueuedCommand<?, ?>> commands) {
        return commands.stream().map(QueuedCommand::submission).toList();
    }

    private void committed(List<QueuedCommand<?, ?>> batch) {
        metrics.committed(batch.size(), System.nanoTime() - commitStart);
        committing.unlock();
    }

    private static void answer(List<QueuedCommand<?, ?>> batch, List<Decided> decided) {
        for (int i = 0; i < decided.size(); i++) {
            batch.get(i).answer(decided.get(i));
        }
    }

    private void putBack(List<QueuedCommand<?, ?>> batch) {
        queue.putBack(batch, QueuedCommand::organizationId, QueuedCommand.BY_ARRIVAL);
    }

    /**
     * Another node that is first has to wait at the next attempt. A connection that breaks is replaced, one by one,
     * until those that broke with it are gone from the pool; where none can be had at all, waiting longer is the
     * sender's business.
     */
    private static int mostAttempts(Throwable fault) {
        return switch (fault) {
            case Throwable conflict when DatabaseException.wasAnotherFirst(conflict) -> 16;
            case LedgerUnavailableException none when none.getCause() instanceof SQLTransientConnectionException -> 1;
            case LedgerUnavailableException broken -> 16;
            default -> 1;
        };
    }

    private void giveUp(List<QueuedCommand<?, ?>> batch, Throwable fault) {
        if (fault instanceof LedgerUnavailableException) {
            // Each by itself would only wait for the same database again.
            batch.forEach(queued -> queued.fail(fault));
        } else {
            LOG.warn("a batch of {} commands is run one by one: {}", batch.size(), fault.toString());
            batch.forEach(alone);
        }
    }

    /** Takes no more in, and ends once what waits is answered. */
    void close() {
        queue.close();
    }

    void awaitEnd() {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Memory is not enough to answer on. */
    private static final class Unproven extends RuntimeException {
        Unproven() {
            super("not to be answered without a look at the store", null, false, false);
        }
    }
}
