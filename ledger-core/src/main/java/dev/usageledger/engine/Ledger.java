package dev.usageledger.engine;

import dev.usageledger.engine.OrderedSender.Place;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Decision.Rejected;
import dev.usageledger.organization.Decision.Replayed;
import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.WhatIf;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.lock.LockFactory;
import org.axonframework.common.lock.NullLockFactory;
import org.axonframework.common.lock.PessimisticLockFactory;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;
import org.jspecify.annotations.Nullable;

/**
 * The ledger on a PostgreSQL database whose schema is in place. Every part is wired here by hand, so nothing can
 * silently be one that keeps events in memory or commits without a transaction.
 *
 * <p>What it guarantees: an answer is given only after its commit. Of two writers that saw the same organization, on
 * one node or on two, only one commits; the other decides again on what is true by then.
 */
public final class Ledger implements AutoCloseable {

    private final LedgerPolicy policy;
    private final OrganizationDecider decider;
    private final JdbcTransactions transactions;
    private final EventPages pages;
    private final Chapters chapters;
    private final TimeTravel timeTravel;
    private final Explainer explainer;
    private final Explorer explorer;
    private final Organizations organizations;
    private final LedgerEventStore eventStore;
    private final SharedReads reads;
    private final CommitPerCommandBus commandBus;

    public Ledger(DataSource database, LedgerPolicy policy) {
        this(database, policy, LedgerSettings.STANDARD, LaneMetrics.NONE);
    }

    public Ledger(DataSource database, LedgerPolicy policy, LedgerSettings settings, LaneMetrics metrics) {
        this.policy = policy;
        this.decider = new OrganizationDecider(policy);
        this.transactions = new JdbcTransactions(database);
        this.chapters = new Chapters(transactions);
        this.pages = new EventPages(transactions);
        this.timeTravel = new TimeTravel(transactions, pages, chapters, decider, policy);
        this.explainer = new Explainer(timeTravel, decider, policy);
        this.explorer = new Explorer(transactions);
        this.organizations = new Organizations(transactions, settings.organizationsKept(), chapters::grown);
        this.eventStore =
                new LedgerEventStore(new PostgresEventStorageEngine(transactions, settings.organizationsKept()));
        this.reads = new SharedReads(organizations);
        Recollection past = new Recollection(transactions);
        ParameterResolverFactory parameters = MultiParameterResolverFactory.ordered(
                ClasspathParameterResolverFactory.forClass(OrganizationAggregate.class),
                new SimpleResourceParameterResolverFactory(List.of(decider, past)));
        // A lane is the only writer of its organizations, and decides on one that is still being committed.
        boolean lanes = settings.lanes() > 0;
        LockFactory locks = lanes ? NullLockFactory.INSTANCE : PessimisticLockFactory.usingDefaults();
        OrganizationRepository repository =
                new OrganizationRepository(eventStore, organizations, chapters, parameters, locks);
        this.commandBus = !lanes
                ? new CommitPerCommandBus(transactions)
                : new GroupCommitCommandBus(
                        transactions, new BatchPreparation(transactions, repository, past), settings, metrics);
        AggregateAnnotationCommandHandler.<OrganizationAggregate>builder()
                .aggregateType(OrganizationAggregate.class)
                .parameterResolverFactory(parameters)
                .commandTargetResolver(Submission.TARGET)
                .creationPolicyAggregateFactory(id -> new OrganizationAggregate(String.valueOf(id)))
                .repository(repository)
                .build()
                .subscribe(commandBus);
    }

    /**
     * Sends a command. The answer comes after the commit; a rejection is an answer too.
     *
     * @return fails with {@link LedgerUnavailableException} when the ledger cannot answer right now
     */
    public CompletableFuture<Answer> send(OrganizationCommand command, Origin origin) {
        return send(command, origin, Place.ALONE);
    }

    /** A way to send many commands at once, of which none overtakes another of the same organization. */
    public OrderedSender inOrder(Origin origin) {
        return new OrderedSender(this, origin);
    }

    CompletableFuture<Answer> send(OrganizationCommand command, Origin origin, Place place) {
        if (place.isCutOff()) {
            return CompletableFuture.failedFuture(place.refusal());
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        CommandMessage<Submission> message = new GenericCommandMessage<>(new Submission(command, origin, place));
        commandBus.<Submission, Decided>dispatch(message, (sent, result) -> {
            if (result.isExceptional()) {
                if (result.exceptionResult() instanceof LedgerUnavailableException) {
                    place.unanswered();
                }
                answer.completeExceptionally(result.exceptionResult());
            } else {
                answer.complete(answer(command, result.getPayload()));
            }
        });
        return answer;
    }

    private Answer answer(OrganizationCommand command, Decided decided) {
        return switch (decided.decision()) {
            case Rejected rejected -> new Answer.Refused(rejected.reason());
            case Replayed replayed -> done(replayed.entry(), List.of(), decided.known(), command.receivedAt(), true);
            case Accepted accepted ->
                done(accepted.entry(), accepted.events(), decided.known(), command.receivedAt(), false);
        };
    }

    private Answer done(
            @Nullable OrganizationEvent entry,
            List<OrganizationEvent> events,
            KnownOrganization known,
            Instant at,
            boolean replayed) {
        return new Answer.Done(entry, events, standing(known, at), replayed);
    }

    /** How an organization stands at {@code at}, exact as of the last commit on any node; empty when it is unknown. */
    public Optional<Standing> standing(OrganizationId organizationId, Instant at) {
        KnownOrganization known = reads.current(organizationId);
        return known.sequence() < 0 ? Optional.empty() : Optional.of(standing(known, at));
    }

    private Standing standing(KnownOrganization known, Instant at) {
        Open organization = known.open();
        Instant asOf = at.isBefore(organization.recordedUpTo()) ? organization.recordedUpTo() : at;
        return new Standing(Balance.of(decider.advanced(organization, asOf), policy), asOf, known.position());
    }

    /**
     * How an organization stood at {@code at}, with all about the time up to then that was known at {@code knownAt}:
     * what had been recorded by {@code at} and, where {@code knownAt} is later, usage up to {@code at} that was recorded
     * or corrected since. Empty when it is unknown. The same on every node, however often it is asked.
     *
     * @throws BeforeOpeningException when it had no ledger at one of these moments
     */
    public Optional<Standing> standing(OrganizationId organizationId, Instant at, Instant knownAt) {
        return timeTravel.standing(organizationId, at, knownAt);
    }

    /**
     * How the balance that was told at {@code at} has come about, from the beginning of its period; empty when the
     * organization is unknown.
     *
     * @param after the {@code next} of the page before; {@code null} for the first page
     * @param limit the most events that are on a page
     * @throws IllegalArgumentException when {@code after} is not of that period
     * @throws BeforeOpeningException when it had no ledger then
     */
    public Optional<Explanation> explain(OrganizationId organizationId, Instant at, @Nullable Long after, int limit) {
        return explainer.explain(organizationId, at, after, limit);
    }

    /** An organization as of the last commit on any node, without what has fallen due since; empty when it is unknown. */
    public Optional<RecordedOrganization> recorded(OrganizationId organizationId) {
        KnownOrganization known = reads.current(organizationId);
        return known.sequence() < 0
                ? Optional.empty()
                : Optional.of(new RecordedOrganization(known.open(), known.sequence(), known.position()));
    }

    /**
     * Hands over an organization's events from the first to the one at {@code upTo}, few of them in memory at a time and
     * without holding a connection meanwhile.
     */
    public void replay(OrganizationId organizationId, long upTo, Consumer<StoredEvent> to) {
        pages.read(organizationId, -1, upTo, to);
    }

    /** Those of an organization's events that have one of these identities. */
    public List<RecordedEvent> find(OrganizationId organizationId, Collection<EventIdentity> identities) {
        List<UUID> ids = identities.stream()
                .map(identity -> EventId.of(organizationId, identity))
                .toList();
        return transactions.call(connection -> EventTable.byIds(connection, ids));
    }

    /** A page of an organization's events, newest first. */
    public List<RecordedEvent> events(EventQuery query) {
        return transactions.call(connection -> EventTable.newestFirst(connection, query));
    }

    /**
     * A page of the events of an organization that are looked for, newest first.
     *
     * @param before the {@code next} of the page before; {@code null} for the first page
     */
    public FoundEvents find(OrganizationId organizationId, EventFilter filter, @Nullable Long before, int limit) {
        return explorer.find(organizationId, filter, before, limit);
    }

    /**
     * What became of an organization, period by period since the one that {@code from} is in, beside what would have
     * become of it otherwise; empty when it is unknown. Goes through all events since: some seconds for a million of them.
     *
     * @throws BeforeOpeningException when it had no ledger by then
     */
    public Optional<List<WhatIf.Comparison>> whatIf(
            OrganizationId organizationId, Instant from, Instant now, WhatIf.Alternative alternative) {
        return timeTravel.whatIf(organizationId, from, now, alternative);
    }

    /** When an organization was opened; empty when it is unknown. */
    public Optional<Instant> openedAt(OrganizationId organizationId) {
        return timeTravel.openedAt(organizationId);
    }

    /** The stored names of all kinds of events. */
    public static List<String> eventTypes() {
        return EventCodec.kinds().stream().map(EventCodec.Kind::name).toList();
    }

    /** The position of the last event that is visible; 0 in an empty ledger. */
    public long head() {
        return transactions.call(EventTable::head);
    }

    /** All events in their final order, for streaming processors. */
    public EventStore eventStore() {
        return eventStore;
    }

    /** Lets streaming processors see what has been written as soon as may be: somebody is waiting for them. */
    public void hurryReaders() {
        eventStore.hurry();
    }

    /** The transactions that a streaming processor shares with its token. */
    public JdbcTransactions transactions() {
        return transactions;
    }

    @Override
    public void close() {
        commandBus.close();
        reads.close();
        eventStore.shutDown();
        organizations.close();
        chapters.close();
    }
}
