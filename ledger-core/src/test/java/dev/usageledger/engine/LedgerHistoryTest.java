package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Decision.Rejected;
import dev.usageledger.organization.Decision.Replayed;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Rejection.AlreadyExpired;
import dev.usageledger.organization.Rejection.AlreadySettled;
import dev.usageledger.organization.Rejection.IdempotencyConflict;
import dev.usageledger.organization.Rejection.PeriodClosed;
import dev.usageledger.organization.Rejection.RefundExceedsUnspent;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.RandomHistory.Step;
import dev.usageledger.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The engine adds nothing to the rules: whatever is sent through it, in batches or one by one, comes to what the
 * decider alone makes of it, answer for answer and event for event. All of it is sent twice.
 */
class LedgerHistoryTest {
    private static final Origin ORIGIN = new Origin("test", "request-1", null);
    private static final OrganizationDecider DECIDER = new OrganizationDecider(LedgerPolicy.STANDARD);

    private final HikariDataSource database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {101, 102, 103})
    void what_is_sent_one_by_one_comes_to_what_the_rules_alone_make_of_it(long seed) {
        OrganizationId organizationId = new OrganizationId("o" + seed);
        RandomHistory expected = twice(seed, organizationId, 120);
        List<Answer> answers = new ArrayList<>();

        try (Ledger ledger = ledger(LedgerSettings.STANDARD.withoutLanes())) {
            for (Step step : expected.steps()) {
                answers.add(ledger.send(step.command(), ORIGIN).join());
            }
        }

        isWhatTheRulesMakeOfIt(expected, answers);
    }

    /** Where few are kept in memory, most have to be loaded again for every batch; where all are, few are looked up. */
    @ParameterizedTest
    @CsvSource({"201, 3", "202, 3", "203, 1000", "204, 1000"})
    void what_is_sent_at_once_comes_to_it_too_whoever_shares_the_batch(long seed, int organizationsKept) {
        Map<OrganizationId, RandomHistory> expected = new LinkedHashMap<>();
        for (int i = 0; i < 8; i++) {
            OrganizationId organizationId = new OrganizationId("o" + seed + "-" + i);
            expected.put(organizationId, twice(seed * 100 + i, organizationId, 150));
        }
        Map<OrganizationId, List<CompletableFuture<Answer>>> answers = new LinkedHashMap<>();

        AtomicInteger together = new AtomicInteger();
        LedgerSettings settings = new LedgerSettings(2, 64, 10_000, organizationsKept);
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD, settings, counting(together))) {
            for (int i = 0; i < 300; i++) {
                for (OrganizationId id : expected.keySet()) {
                    OrganizationCommand command =
                            expected.get(id).steps().get(i).command();
                    answers.computeIfAbsent(id, key -> new ArrayList<>()).add(ledger.send(command, ORIGIN));
                }
            }
            answers.values().forEach(sent -> sent.forEach(CompletableFuture::join));
            try (Ledger afresh = ledger(LedgerSettings.STANDARD)) {
                assertThat(streamed(ledger))
                        .as("what readers get from the node that wrote it")
                        .isEqualTo(streamed(afresh));
            }
        }

        assertThat(together).as("commands whose batch went through as it was").hasValue(8 * 300);
        expected.forEach((id, history) -> isWhatTheRulesMakeOfIt(
                history, answers.get(id).stream().map(CompletableFuture::join).toList()));
    }

    private static List<List<Object>> streamed(Ledger ledger) {
        List<List<Object>> events = new ArrayList<>();
        try (BlockingStream<TrackedEventMessage<?>> stream = ledger.eventStore().openStream(null)) {
            while (stream.hasNextAvailable()) {
                TrackedEventMessage<?> tracked = stream.nextAvailable();
                DomainEventMessage<?> event = (DomainEventMessage<?>) tracked;
                events.add(List.of(
                        tracked.trackingToken(),
                        event.getAggregateIdentifier(),
                        event.getSequenceNumber(),
                        event.getIdentifier(),
                        event.getTimestamp(),
                        event.getPayload(),
                        event.getMetaData()));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return events;
    }

    /** Otherwise the tests above would not look into the past at all. */
    @Test
    void such_histories_ask_for_all_that_is_remembered_of_the_past() {
        Set<Class<?>> reasons = new HashSet<>();
        int replays = 0;
        int forgottenPacks = 0;
        for (long seed = 20_100; seed < 20_108; seed++) {
            for (Step step : twice(seed, new OrganizationId("acme"), 150).steps()) {
                if (step.decision() instanceof Rejected rejected) {
                    reasons.add(rejected.reason().getClass());
                    forgottenPacks += isOfForgottenPack(rejected, step) ? 1 : 0;
                }
                replays += step.decision() instanceof Replayed ? 1 : 0;
            }
        }

        assertThat(reasons)
                .contains(
                        AlreadyExpired.class,
                        AlreadySettled.class,
                        IdempotencyConflict.class,
                        PeriodClosed.class,
                        RefundExceedsUnspent.class);
        assertThat(replays).isGreaterThan(100);
        assertThat(forgottenPacks)
                .as("refunds of packs that are not in the state any more")
                .isPositive();
    }

    private static boolean isOfForgottenPack(Rejected rejected, Step step) {
        return rejected.reason() instanceof RefundExceedsUnspent refund
                && ((Open) step.organization())
                        .overage()
                        .pack(refund.purchaseId())
                        .isEmpty();
    }

    private void isWhatTheRulesMakeOfIt(RandomHistory expected, List<Answer> answers) {
        OrganizationId id = expected.steps().getFirst().command().organizationId();
        List<RecordedEvent> stored = stored(id);

        assertThat(stored)
                .extracting(RecordedEvent::event)
                .as("events of %s", id)
                .isEqualTo(expected.events());
        assertThat(stored)
                .extracting(RecordedEvent::sequence)
                .isEqualTo(LongStream.range(0, stored.size()).boxed().toList());
        assertThat(stored).extracting(RecordedEvent::position).isSorted();
        for (int i = 0; i < answers.size(); i++) {
            Step step = expected.steps().get(i);
            assertThat(answers.get(i)).as("answer %d to %s", i, step.command()).isEqualTo(answer(step, stored));
        }
        try (Ledger afresh = ledger(LedgerSettings.STANDARD)) {
            Step last = expected.steps().getLast();
            assertThat(afresh.standing(id, last.command().receivedAt())).contains(standing(last, stored));
        }
    }

    private static Answer answer(Step step, List<RecordedEvent> stored) {
        return switch (step.decision()) {
            case Rejected rejected -> new Answer.Refused(rejected.reason());
            case Replayed replayed -> new Answer.Done(replayed.entry(), List.of(), standing(step, stored), true);
            case Accepted accepted ->
                new Answer.Done(accepted.entry(), accepted.events(), standing(step, stored), false);
        };
    }

    private static Standing standing(Step step, List<RecordedEvent> stored) {
        Open organization = (Open) step.organization();
        Instant receivedAt = step.command().receivedAt();
        Instant asOf = receivedAt.isBefore(organization.recordedUpTo()) ? organization.recordedUpTo() : receivedAt;
        return new Standing(
                Balance.of(DECIDER.advanced(organization, asOf), LedgerPolicy.STANDARD),
                asOf,
                stored.get(step.events() - 1).position());
    }

    /** The rules on all commands, and then on all of them again. */
    private static RandomHistory twice(long seed, OrganizationId organizationId, int commands) {
        RandomHistory once = RandomHistory.of(seed, organizationId, commands);
        List<OrganizationCommand> sent =
                once.steps().stream().map(Step::command).toList();
        RandomHistory twice =
                RandomHistory.of(Stream.concat(sent.stream(), sent.stream()).toList());
        assertThat(twice.events()).startsWith(once.events().toArray(OrganizationEvent[]::new));
        assertThat(once.events())
                .as("time passes in seed %d", seed)
                .hasAtLeastOneElementOfType(BillingPeriodRolled.class);
        return twice;
    }

    private List<RecordedEvent> stored(OrganizationId organizationId) {
        List<RecordedEvent> events = new ArrayList<>();
        new JdbcTransactions(database).run(connection -> EventTable.read(connection, organizationId, -1, events::add));
        return events;
    }

    private static LaneMetrics counting(AtomicInteger commands) {
        return new LaneMetrics() {
            @Override
            public void observeQueue(IntSupplier waiting) {}

            @Override
            public void committed(int batch, long nanos) {
                commands.addAndGet(batch);
            }

            @Override
            public void repeated() {}
        };
    }

    private Ledger ledger(LedgerSettings settings) {
        return new Ledger(database, LedgerPolicy.STANDARD, settings, LaneMetrics.NONE);
    }
}
