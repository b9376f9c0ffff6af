package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresEventStorageEngineTest {
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final Map<String, String> METADATA = new Origin("billing", "request-7", null).metadata();

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);
    private final PostgresEventStorageEngine engine = new PostgresEventStorageEngine(transactions, 100);
    private UnitOfWork<Message<String>> unitOfWork;

    @BeforeEach
    void start() {
        unitOfWork = DefaultUnitOfWork.startAndGet(new GenericMessage<>("a batch"));
    }

    @AfterEach
    void close() {
        unitOfWork.rollback();
        database.close();
    }

    @Test
    void events_come_back_to_axon_as_they_were_handed_in() {
        List<OrganizationEvent> history = RandomHistory.of(4, ACME, 100).events();
        engine.appendEvents(messages(ACME, 0, history));

        List<? extends DomainEventMessage<?>> read =
                engine.readEvents("acme", 0).asStream().toList();

        assertThat(read).extracting(Message::getPayload).isEqualTo(history);
        assertThat(read).allSatisfy(message -> {
            OrganizationEvent event = (OrganizationEvent) message.getPayload();
            assertThat(message.getTimestamp()).isEqualTo(event.recordedAt());
            assertThat(message.getMetaData()).isEqualTo(METADATA);
            assertThat(message.getIdentifier())
                    .isEqualTo(
                            EventId.of(ACME, message.getSequenceNumber(), event).toString());
        });
        assertThat(read)
                .extracting(DomainEventMessage::getSequenceNumber)
                .containsExactlyElementsOf(
                        LongStream.range(0, history.size()).boxed().toList());
        assertThat(engine.readEvents("acme", 20)
                        .asStream()
                        .findFirst()
                        .orElseThrow()
                        .getSequenceNumber())
                .isEqualTo(20);
        assertThat(engine.readEvents("nobody", 0).hasNext()).isFalse();
    }

    @Test
    void a_stream_goes_through_all_events_however_many_fetches_that_takes_and_resumes_at_a_token() {
        List<OrganizationEvent> history = RandomHistory.of(5, ACME, 3_500).events();
        assertThat(history).as("more than a fetch holds").hasSizeGreaterThan(2_000);
        engine.appendEvents(messages(ACME, 0, history));

        List<? extends TrackedEventMessage<?>> all = read(null);

        assertThat(all).extracting(Message::getPayload).isEqualTo(history);
        assertThat(all)
                .extracting(message -> message.trackingToken().position().orElseThrow())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, history.size()).boxed().toList());
        assertThat(read(engine.createTailToken())).hasSameSizeAs(all);
        assertThat(read(all.get(1_233).trackingToken()))
                .extracting(Message::getPayload)
                .isEqualTo(history.subList(1_234, history.size()));
        assertThat(read(all.getLast().trackingToken())).isEmpty();
    }

    /** Events of organizations come in the order they have there, and writers in one order cannot block in a circle. */
    @Test
    void a_batch_is_stored_by_organization_each_in_its_order() {
        List<EventMessage<?>> batch = new ArrayList<>();
        List<OrganizationId> organizations =
                List.of(new OrganizationId("b"), new OrganizationId("a"), new OrganizationId("c"));
        List<OrganizationEvent> history = RandomHistory.of(6, ACME, 40).events();
        for (int i = 0; i < history.size(); i++) {
            for (OrganizationId organization : organizations) {
                batch.addAll(messages(organization, i, history.subList(i, i + 1)));
            }
        }

        engine.appendEvents(batch);

        List<RecordedEvent> stored = transactions.call(connection -> EventTable.after(connection, 0, 10_000));
        assertThat(stored).hasSameSizeAs(batch);
        assertThat(stored).extracting(event -> event.organizationId().value()).isSorted();
        assertThat(organizations)
                .allSatisfy(organization -> assertThat(stored.stream()
                                .filter(event -> event.organizationId().equals(organization))
                                .map(RecordedEvent::event))
                        .isEqualTo(history));
        AppendedPositions positions = AppendedPositions.of(unitOfWork);
        assertThat(stored)
                .allSatisfy(event -> assertThat(positions
                                .placed(
                                        event.organizationId(),
                                        new KnownOrganization(
                                                KnownOrganization.NOTHING.organization(), event.sequence(), 0))
                                .position())
                        .isEqualTo(event.position()));
    }

    @Test
    void a_place_that_is_taken_is_a_conflict_that_deciding_again_may_solve() {
        List<OrganizationEvent> history = RandomHistory.of(7, ACME, 5).events();
        engine.appendEvents(messages(ACME, 0, history));

        assertThatExceptionOfType(ConcurrencyException.class)
                .isThrownBy(() -> engine.appendEvents(messages(ACME, 0, history)))
                .withCauseInstanceOf(DatabaseException.class);
    }

    @Test
    void nothing_to_store_asks_the_database_nothing() {
        database.close();

        engine.appendEvents(List.of());
    }

    @Test
    void only_events_of_organizations_are_stored() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.appendEvents(List.of(GenericEventMessage.asEventMessage("hello"))))
                .withMessageContaining("String");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.appendEvents(List.of(new GenericDomainEventMessage<>(
                        PostgresEventStorageEngine.AGGREGATE_TYPE, "acme", 0, "hello"))));
    }

    @Test
    void axon_is_never_given_a_snapshot_and_never_keeps_one() {
        DomainEventMessage<String> snapshot =
                new GenericDomainEventMessage<>(PostgresEventStorageEngine.AGGREGATE_TYPE, "acme", 0, "state");

        assertThatIllegalStateException().isThrownBy(() -> engine.storeSnapshot(snapshot));
        assertThat(engine.readSnapshot("acme")).isEmpty();
    }

    /** A reader that started in the middle could pass over an event that is still being written. */
    @Test
    void a_stream_starts_at_its_first_event_or_where_a_reader_has_got_to() {
        engine.appendEvents(messages(ACME, 0, RandomHistory.of(8, ACME, 5).events()));

        assertThat(engine.createTailToken()).isEqualTo(new GlobalSequenceTrackingToken(0));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(engine::createHeadToken);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> engine.createTokenAt(Instant.parse("2026-02-01T10:00:00Z")));
    }

    private List<? extends TrackedEventMessage<?>> read(TrackingToken after) {
        return engine.readEvents(after, false).toList();
    }

    private static List<EventMessage<?>> messages(
            OrganizationId organizationId, long firstSequence, List<OrganizationEvent> events) {
        return IntStream.range(0, events.size())
                .<EventMessage<?>>mapToObj(i -> new GenericDomainEventMessage<>(
                        PostgresEventStorageEngine.AGGREGATE_TYPE,
                        organizationId.value(),
                        firstSequence + i,
                        events.get(i),
                        METADATA))
                .toList();
    }
}
