package dev.usageledger.engine;

import dev.usageledger.engine.OrderedSender.Place;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationId;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;

/**
 * A command on its way to its organization, with who sent it.
 *
 * @param place where it stands among others that were sent in order
 */
record Submission(OrganizationCommand command, Origin origin, Place place) {
    /** Reads the organization from the command, so that commands need no annotation. */
    static final CommandTargetResolver TARGET = Submission::target;

    static Submission of(CommandMessage<?> message) {
        return (Submission) message.getPayload();
    }

    OrganizationId organizationId() {
        return command.organizationId();
    }

    private static VersionedAggregateIdentifier target(CommandMessage<?> message) {
        return new VersionedAggregateIdentifier(of(message).organizationId().value(), null);
    }
}
