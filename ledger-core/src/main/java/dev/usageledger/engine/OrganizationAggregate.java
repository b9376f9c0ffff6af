package dev.usageledger.engine;

import dev.usageledger.organization.Decision;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.AggregateFactory;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CreationPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Axon's view of an organization: hands commands to the decider, and what it decides to the event store. There is no
 * rule in here. A rejection is an answer and not an exception, so it costs the unit of work nothing.
 */
class OrganizationAggregate {
    static final AggregateFactory<OrganizationAggregate> FACTORY = new Factory();

    @AggregateIdentifier
    private String organizationId;

    private Organization organization;
    private final long loadedAtPosition;

    /** An organization that nothing has happened to yet; it is the decider's business to refuse it. */
    OrganizationAggregate(String organizationId) {
        this(organizationId, KnownOrganization.NOTHING);
    }

    OrganizationAggregate(String organizationId, KnownOrganization known) {
        this.organizationId = organizationId;
        this.organization = known.organization();
        this.loadedAtPosition = known.position();
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Decided handle(Submission submission, OrganizationDecider decider, Recollection past) {
        Decision decision = decider.decide(submission.command(), organization, past.of(submission.command()));
        if (decision instanceof Accepted accepted) {
            MetaData metadata = MetaData.from(submission.origin().metadata());
            accepted.events().forEach(event -> AggregateLifecycle.apply(event, metadata));
            past.note(submission.command().organizationId(), accepted.events());
        }
        return new Decided(
                decision,
                submission.command().organizationId(),
                known(AggregateLifecycle.getVersion()),
                AppendedPositions.of(CurrentUnitOfWork.get()));
    }

    @EventSourcingHandler
    void on(OrganizationEvent event) {
        organization = OrganizationDecider.evolve(organization, event);
    }

    /** @param version the sequence of its last event; {@code null} when nothing has happened yet */
    KnownOrganization known(@Nullable Long version) {
        return new KnownOrganization(organization, version == null ? -1 : version, loadedAtPosition);
    }

    private static final class Factory implements AggregateFactory<OrganizationAggregate> {
        @Override
        public OrganizationAggregate createAggregateRoot(String aggregateIdentifier, DomainEventMessage<?> first) {
            return new OrganizationAggregate(aggregateIdentifier);
        }

        @Override
        public Class<OrganizationAggregate> getAggregateType() {
            return OrganizationAggregate.class;
        }
    }
}
