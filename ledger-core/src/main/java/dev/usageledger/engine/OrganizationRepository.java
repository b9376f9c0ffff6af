package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.axonframework.common.lock.LockFactory;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.LockAwareAggregate;

/**
 * Loads organizations from what is known of them instead of from their first event, and keeps what is known true: a
 * commit is noted, and a unit of work that fails leaves nothing behind.
 */
final class OrganizationRepository extends EventSourcingRepository<OrganizationAggregate> {
    private static final String PREPARED = OrganizationRepository.class.getName() + ".prepared";
    private static final String LOADED = OrganizationRepository.class.getName() + ".loaded";

    private final EventStore eventStore;
    private final Organizations organizations;
    private final Chapters chapters;

    OrganizationRepository(
            EventStore eventStore,
            Organizations organizations,
            Chapters chapters,
            ParameterResolverFactory parameters,
            LockFactory locks) {
        super(EventSourcingRepository.builder(OrganizationAggregate.class)
                .eventStore(eventStore)
                .aggregateFactory(OrganizationAggregate.FACTORY)
                .parameterResolverFactory(parameters)
                .lockFactory(locks));
        this.eventStore = eventStore;
        this.organizations = organizations;
        this.chapters = chapters;
    }

    /**
     * Takes all these from memory as they are expected to be, for the commands that follow in the same unit of work.
     *
     * @return whether all of them are there
     */
    boolean prepareExpected(Set<OrganizationId> ids) {
        Map<OrganizationId, KnownOrganization> prepared = prepared();
        Set<OrganizationId> more = new HashSet<>(ids);
        more.removeAll(prepared.keySet());
        Optional<Map<OrganizationId, KnownOrganization>> expected = organizations.expected(more);
        expected.ifPresent(prepared::putAll);
        return expected.isPresent();
    }

    /** Lets the next unit of work expect what this one has decided. */
    void expectDecided() {
        loaded().forEach((id, decided) -> organizations.expect(id, decided.get()));
    }

    /**
     * Loads all these at once, for the commands that follow in the same unit of work, and finds in the same query what
     * those recall.
     */
    void prepare(Set<OrganizationId> ids, Collection<UUID> recalled, Consumer<RecordedEvent> found) {
        prepared().putAll(organizations.current(ids, recalled, found));
    }

    private static Map<OrganizationId, KnownOrganization> prepared() {
        return CurrentUnitOfWork.get().root().getOrComputeResource(PREPARED, key -> new HashMap<>());
    }

    @Override
    protected EventSourcedAggregate<OrganizationAggregate> doLoadWithLock(
            String aggregateIdentifier, Long expectedVersion) {
        OrganizationId organizationId = new OrganizationId(aggregateIdentifier);
        KnownOrganization prepared = prepared().get(organizationId);
        KnownOrganization known = prepared == null ? organizations.current(organizationId) : prepared;
        OrganizationAggregate root = new OrganizationAggregate(aggregateIdentifier, known);
        EventSourcedAggregate<OrganizationAggregate> aggregate = EventSourcedAggregate.reconstruct(
                root, aggregateModel(), known.sequence(), false, eventStore, NoSnapshotTriggerDefinition.TRIGGER);
        UnitOfWork<?> unitOfWork = CurrentUnitOfWork.get().root();
        loaded().put(organizationId, root::known);
        unitOfWork.afterCommit(
                committed -> note(organizationId, known.sequence(), root, AppendedPositions.of(committed)));
        unitOfWork.onRollback(failed -> organizations.disappoint(organizationId));
        return aggregate;
    }

    private static Map<OrganizationId, Supplier<KnownOrganization>> loaded() {
        return CurrentUnitOfWork.get().root().getOrComputeResource(LOADED, key -> new HashMap<>());
    }

    /** There is nothing to save but events, and those are published; Axon would search all that the batch has loaded. */
    @Override
    protected void prepareForCommit(
            LockAwareAggregate<OrganizationAggregate, EventSourcedAggregate<OrganizationAggregate>> aggregate) {}

    /** @param before sequence of its last event when it was loaded */
    private void note(OrganizationId id, long before, OrganizationAggregate root, AppendedPositions positions) {
        KnownOrganization now = root.known();
        if (now.sequence() >= 0) {
            organizations.remember(id, positions.placed(id, now));
        }
        if (now.sequence() > before) {
            chapters.grown(root.chapterEnds().stream()
                    .map(end -> positions.placed(id, end))
                    .toList());
        }
    }
}
