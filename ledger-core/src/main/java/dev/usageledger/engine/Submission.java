package dev.usageledger.engine;

import dev.usageledger.engine.OrderedSender.Order;
import dev.usageledger.organization.OrganizationCommand;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;

/**
 * A command on its way to its organization, with who sent it.
 *
 * @param order what it keeps to
 */
record Submission(OrganizationCommand command, Origin origin, Order order) {
    /** Reads the organization from the command, so that commands need no annotation. */
    static final CommandTargetResolver TARGET = Submission::target;

    private static VersionedAggregateIdentifier target(CommandMessage<?> message) {
        Submission submission = (Submission) message.getPayload();
        return new VersionedAggregateIdentifier(
                submission.command.organizationId().value(), null);
    }
}
