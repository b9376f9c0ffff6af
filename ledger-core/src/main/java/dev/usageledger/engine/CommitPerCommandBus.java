package dev.usageledger.engine;

import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.MessageHandler;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.jspecify.annotations.Nullable;

/**
 * One transaction for each command, in the sender's thread. A command that loses against another writer is decided
 * again, on what is true by then.
 */
class CommitPerCommandBus extends SimpleCommandBus implements AutoCloseable {
    private static final int MOST_ATTEMPTS = 20;

    CommitPerCommandBus(TransactionManager transactions) {
        super(SimpleCommandBus.builder()
                .transactionManager(transactions)
                .rollbackConfiguration(RollbackConfigurationType.ANY_THROWABLE));
    }

    @Override
    protected <C, R> void handle(
            CommandMessage<C> command,
            MessageHandler<? super CommandMessage<?>> handler,
            CommandCallback<? super C, ? super R> callback) {
        Attempt<C, R> attempt = new Attempt<>();
        do {
            super.handle(command, handler, attempt);
        } while (attempt.lost() && attempt.count < MOST_ATTEMPTS);
        callback.onResult(command, attempt.lost() ? Attempt.neverFirst() : attempt.result());
    }

    /** Answers what waits. Here nothing does. */
    @Override
    public void close() {}

    private static final class Attempt<C, R> implements CommandCallback<C, R> {
        private int count;
        private @Nullable CommandResultMessage<? extends R> result;

        @Override
        public void onResult(CommandMessage<? extends C> command, CommandResultMessage<? extends R> commandResult) {
            count++;
            result = commandResult;
        }

        boolean lost() {
            CommandResultMessage<? extends R> latest = result();
            return latest.isExceptional() && DatabaseException.wasAnotherFirst(latest.exceptionResult());
        }

        static <R> CommandResultMessage<R> neverFirst() {
            return new GenericCommandResultMessage<>(
                    new LedgerUnavailableException("other writers were first every time", null));
        }

        CommandResultMessage<? extends R> result() {
            if (result == null) {
                throw new IllegalStateException("the bus gave no result");
            }
            return result;
        }
    }
}
