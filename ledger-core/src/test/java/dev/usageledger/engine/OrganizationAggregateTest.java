package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonframework.test.matchers.Matchers.matches;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.OrderedSender.Place;
import dev.usageledger.organization.Decision;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Decision.Rejected;
import dev.usageledger.organization.Decision.Replayed;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationCommand.ReserveMinutes;
import dev.usageledger.organization.OrganizationCommand.RollBillingPeriod;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Past;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.Rejection.IdempotencyConflict;
import dev.usageledger.organization.Rejection.InsufficientMinutes;
import dev.usageledger.organization.Rejection.OrganizationNotFound;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.testing.TestDatabase;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonframework.common.lock.NullLockFactory;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The aggregate adds nothing to the rules and takes nothing away: what it publishes is what the decider decides. */
class OrganizationAggregateTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final Origin ORIGIN = new Origin("billing", "request-7", "goodwill");

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);
    private final Chapters chapters = new Chapters(transactions);
    private final OrganizationDecider decider = new OrganizationDecider(LedgerPolicy.STANDARD);
    private final Recollection past = new Recollection(transactions);
    private final AggregateTestFixture<OrganizationAggregate> fixture =
            new AggregateTestFixture<>(OrganizationAggregate.class);
    private final List<OrganizationEvent> history = new ArrayList<>();
    private Organization organization = Organization.NOT_OPENED;

    @BeforeEach
    void register() {
        // The factory comes last: it makes a repository of all that is registered by then.
        fixture.registerInjectableResource(decider)
                .registerInjectableResource(past)
                .registerCommandTargetResolver(Submission.TARGET)
                .registerAggregateFactory(OrganizationAggregate.FACTORY);
    }

    @AfterEach
    void close() {
        chapters.close();
        database.close();
    }

    @Test
    void what_is_accepted_is_published_with_who_sent_it_and_why() {
        happened(open(100));

        OrganizationCommand command = record("t1", 85, NOW.plusSeconds(1));
        Accepted expected = (Accepted) decided(command);

        assertThat(expected.events()).as("the entry and a threshold").hasSize(2);
        whenSent(command).expectEvents(published(expected.events()));
    }

    @Test
    void what_was_due_is_published_before_what_was_asked_for() {
        happened(open(100), reserve("r1", 70, NOW));

        OrganizationCommand command = record("t1", 5, Instant.parse("2026-03-05T00:00:00Z"));
        Accepted expected = (Accepted) decided(command);

        assertThat(expected.events()).as("expiry, roll and the entry").hasSize(3);
        whenSent(command)
                .expectEvents(published(expected.events()))
                .expectResultMessagePayloadMatching(
                        matches((Decided decided) -> decided.decision().equals(expected)));
    }

    @Test
    void nothing_due_is_accepted_and_publishes_nothing() {
        happened(open(100));

        whenSent(new RollBillingPeriod(ACME, NOW))
                .expectNoEvents()
                .expectResultMessagePayloadMatching(
                        matches((Decided decided) -> decided.decision() instanceof Accepted));
    }

    @Test
    void what_is_rejected_publishes_nothing_and_is_an_answer_and_no_exception() {
        happened(open(100));

        whenSent(reserve("r1", 101, NOW))
                .expectNoEvents()
                .expectResultMessagePayloadMatching(
                        matches((Decided decided) -> decided.decision() instanceof Rejected rejected
                                && rejected.reason() instanceof InsufficientMinutes));
    }

    @Test
    void what_was_due_is_not_published_either_when_the_command_is_rejected() {
        happened(open(100), reserve("r1", 70, NOW));

        whenSent(reserve("r2", 101, Instant.parse("2026-03-05T00:00:00Z"))).expectNoEvents();
    }

    @Test
    void what_is_replayed_publishes_nothing_and_is_answered_with_what_it_came_to_then() {
        happened(open(100), record("t1", 60, NOW));

        whenSent(record("t1", 60, NOW.plusSeconds(99)))
                .expectNoEvents()
                .expectResultMessagePayloadMatching(
                        matches((Decided decided) -> decided.decision().equals(new Replayed(history.getLast()))));
    }

    @Test
    void the_same_identifier_with_other_content_is_rejected() {
        happened(open(100), record("t1", 60, NOW));

        whenSent(record("t1", 61, NOW))
                .expectNoEvents()
                .expectResultMessagePayloadMatching(
                        matches((Decided decided) -> decided.decision() instanceof Rejected rejected
                                && rejected.reason() instanceof IdempotencyConflict));
    }

    @Test
    void the_organization_after_a_command_is_the_one_that_the_rules_come_to() {
        happened(open(100), record("t1", 60, NOW), reserve("r1", 20, NOW));
        OrganizationCommand command = record("t2", 30, NOW.plusSeconds(1));
        Accepted expected = (Accepted) decided(command);

        whenSent(command)
                .expectState(aggregate ->
                        assertThat(aggregate.known().organization()).isEqualTo(expected.organization()))
                .expectResultMessagePayloadMatching(matches((Decided decided) -> decided.loaded()
                                        .sequence()
                                == history.size() - 1 + expected.events().size()
                        && decided.loaded().organization().equals(expected.organization())));
    }

    @Test
    void an_organization_that_was_never_opened_is_for_the_rules_to_refuse() {
        loadedAsTheLedgerDoes();

        fixture.givenNoPriorActivity()
                .when(new Submission(reserve("r1", 1, NOW), ORIGIN, Place.ALONE))
                .expectNoEvents()
                .expectResultMessagePayloadMatching(
                        matches((Decided decided) -> decided.decision() instanceof Rejected rejected
                                && rejected.reason().equals(new OrganizationNotFound(ACME))
                                && decided.loaded().sequence() == -1));
    }

    @Test
    void an_organization_is_opened_by_its_first_event() {
        loadedAsTheLedgerDoes();
        Accepted expected = (Accepted) decided(open(100));

        fixture.givenNoPriorActivity()
                .when(new Submission(open(100), ORIGIN, Place.ALONE))
                .expectEvents(published(expected.events()))
                .expectResultMessagePayloadMatching(
                        matches((Decided decided) -> decided.loaded().sequence() == 0));
    }

    /** With the ledger's own repository, which knows organizations from the database, so that an unknown one is one. */
    private void loadedAsTheLedgerDoes() {
        ParameterResolverFactory parameters = MultiParameterResolverFactory.ordered(
                ClasspathParameterResolverFactory.forClass(OrganizationAggregate.class),
                new SimpleResourceParameterResolverFactory(List.of(decider, past)));
        fixture.registerRepository(new OrganizationRepository(
                fixture.getEventStore(),
                new Organizations(transactions, 10, (id, before, now) -> {}),
                chapters,
                parameters,
                NullLockFactory.INSTANCE));
    }

    private ResultValidator<OrganizationAggregate> whenSent(OrganizationCommand command) {
        return fixture.given(history)
                .when(new Submission(command, ORIGIN, Place.ALONE))
                .expectSuccessfulHandlerExecution();
    }

    /** The rules make the history, and the database has it too, for what has to be recalled. */
    private void happened(OrganizationCommand... commands) {
        for (OrganizationCommand command : commands) {
            Accepted accepted = (Accepted) decided(command);
            List<NewEvent> rows = new ArrayList<>();
            for (OrganizationEvent event : accepted.events()) {
                rows.add(NewEvent.of(ACME, history.size(), event, Map.of()));
                history.add(event);
            }
            transactions.run(connection -> EventTable.append(connection, new HashChain(1).link(connection, rows)));
            organization = accepted.organization();
        }
    }

    private Decision decided(OrganizationCommand command) {
        return decider.decide(command, organization, Past.recalled(command, history));
    }

    private static EventMessage<?>[] published(List<OrganizationEvent> events) {
        return events.stream()
                .map(event -> new GenericEventMessage<>(event, ORIGIN.metadata()))
                .toArray(EventMessage<?>[]::new);
    }

    private static OpenOrganization open(long included) {
        return new OpenOrganization(
                ACME,
                NOW,
                "Acme",
                new Plan("team", Minutes.of(included), Plan.Limit.HARD),
                ZoneOffset.UTC,
                LocalDateTime.parse("2026-01-31T00:00:00"));
    }

    private static ReserveMinutes reserve(String id, long minutes, Instant at) {
        return new ReserveMinutes(
                ACME, at, new ReservationId(id), Minutes.of(minutes), ReserveMinutes.DEFAULT_TTL, null);
    }

    private static RecordTranscription record(String id, long minutes, Instant at) {
        return new RecordTranscription(
                ACME, at, new TranscriptionId(id), Minutes.of(minutes), null, null, null, null, OnInsufficient.RECORD);
    }
}
