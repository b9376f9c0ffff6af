package dev.usageledger.engine;

import dev.usageledger.organization.Decision;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import java.util.ArrayList;
import java.util.List;
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

/**
 * Axon's view of an organization: hands commands to the decider, and what it decides to the event store. There is no
 * rule in here. A rejection is an answer and not an exception, so it costs the unit of work nothing.
 */
class OrganizationAggregate {
    static final AggregateFactory<OrganizationAggregate> FACTORY = new Factory();

    @AggregateIdentifier
    private String organizationId;

    private KnownOrganization known;
    private final List<KnownOrganization> chapterEnds = new ArrayList<>(0);

    /** An organization that nothing has happened to yet; it is the decider's business to refuse it. */
    OrganizationAggregate(String organizationId) {
        this(organizationId, KnownOrganization.NOTHING);
    }

    OrganizationAggregate(String organizationId, KnownOrganization known) {
        this.organizationId = organizationId;
        this.known = known;
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    Decided handle(Submission submission, OrganizationDecider decider, Recollection past) {
        Decision decision = decider.decide(submission.command(), known.organization(), past.of(submission.command()));
        if (decision instanceof Accepted accepted) {
            MetaData metadata = MetaData.from(submission.origin().metadata());
            accepted.events().forEach(event -> AggregateLifecycle.apply(event, metadata));
            past.note(submission.command().organizationId(), accepted.events());
        }
        return new Decided(
                decision, submission.command().organizationId(), known, AppendedPositions.of(CurrentUnitOfWork.get()));
    }

    @EventSourcingHandler
    void on(OrganizationEvent event) {
        known = known.after(event);
        if (known.endsChapter()) {
            chapterEnds.add(known);
        }
    }

    /** As of its last event, with the position that it had when it was loaded. */
    KnownOrganization known() {
        return known;
    }

    /** As it was when chapters ended, since it was loaded. */
    List<KnownOrganization> chapterEnds() {
        return chapterEnds;
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
