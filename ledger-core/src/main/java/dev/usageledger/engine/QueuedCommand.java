package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.util.Comparator;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.MessageHandler;

/**
 * A command that waits for its lane.
 *
 * @param arrival what came later has a higher one
 */
record QueuedCommand<C, R>(
        long arrival,
        CommandMessage<C> command,
        MessageHandler<? super CommandMessage<?>> handler,
        CommandCallback<? super C, ? super R> callback) {
    static final Comparator<QueuedCommand<?, ?>> BY_ARRIVAL = Comparator.comparingLong(QueuedCommand::arrival);

    Submission submission() {
        return Submission.of(command);
    }

    OrganizationId organizationId() {
        return submission().organizationId();
    }

    /** Whether one that it was sent behind could not be answered, so that it must not be decided any more. */
    boolean isCutOff() {
        return submission().place().isCutOff();
    }

    Decided decide() throws Exception {
        return (Decided) handler.handle(command);
    }

    @SuppressWarnings("unchecked")
    void answer(Decided decided) {
        callback.onResult(command, new GenericCommandResultMessage<>((R) decided));
    }

    void cutOff() {
        fail(submission().place().refusal());
    }

    void fail(Throwable fault) {
        callback.onResult(command, new GenericCommandResultMessage<>(fault));
    }
}
