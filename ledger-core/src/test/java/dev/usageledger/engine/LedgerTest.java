package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationCommand.ReserveMinutes;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.Rejection.InsufficientMinutes;
import dev.usageledger.organization.Rejection.OrganizationNotFound;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.testing.TestDatabase;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final Origin ORIGIN = new Origin("test", "request-1", null);

    private final HikariDataSource database = TestDatabase.create();
    private final Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD);

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    @Test
    void an_answer_has_the_entry_the_balance_and_its_position() {
        done(open(100));
        Answer.Done recorded = done(record("t1", 60));

        assertThat(recorded.replayed()).isFalse();
        assertThat(recorded.standing().balance().used()).isEqualTo(Minutes.of(60));
        assertThat(recorded.standing().balance().remaining()).isEqualTo(Minutes.of(40));
        assertThat(recorded.standing().position()).isEqualTo(ledger.head());
    }

    @Test
    void what_was_answered_is_there_for_a_ledger_that_starts_afresh() {
        done(open(100));
        Standing answered = done(record("t1", 60)).standing();

        try (Ledger restarted = new Ledger(database, LedgerPolicy.STANDARD)) {
            assertThat(restarted.standing(ACME, NOW)).contains(answered);
        }
    }

    @Test
    void a_rejection_leaves_nothing_behind() {
        done(open(100));
        long head = ledger.head();

        assertThat(refused(reserve("r1", 101))).isInstanceOf(InsufficientMinutes.class);
        assertThat(refused(new RecordTranscription(
                        new OrganizationId("nobody"),
                        NOW,
                        new TranscriptionId("t1"),
                        Minutes.of(1),
                        null,
                        null,
                        null,
                        null,
                        OnInsufficient.RECORD)))
                .isInstanceOf(OrganizationNotFound.class);
        assertThat(ledger.head()).isEqualTo(head);
    }

    @Test
    void two_hundred_concurrent_sends_of_one_transcription_are_one_event() throws Exception {
        done(open(100));
        long before = ledger.head();

        List<Answer.Done> answers = concurrently(200, i -> done(record("t1", 5)));

        assertThat(answers).filteredOn(answer -> !answer.replayed()).hasSize(1);
        assertThat(answers)
                .extracting(Answer.Done::entry)
                .containsOnly(answers.getFirst().entry());
        assertThat(ledger.events(new EventQuery(ACME, null, 10))).hasSize(2);
        assertThat(ledger.head()).isEqualTo(before + 1);
    }

    @Test
    void a_hard_plan_grants_no_more_than_there_is_however_many_ask_at_once() throws Exception {
        done(open(1_000));

        List<Answer> answers = concurrently(150, i -> send(reserve("r" + i, 10)));

        assertThat(answers).filteredOn(Answer.Done.class::isInstance).hasSize(100);
        assertThat(ledger.standing(ACME, NOW).orElseThrow().balance().held()).isEqualTo(Minutes.of(1_000));
    }

    @Test
    void two_ledgers_on_one_database_agree() throws Exception {
        done(open(1_000));
        try (Ledger other = new Ledger(database, LedgerPolicy.STANDARD)) {
            List<Answer> answers = concurrently(
                    150,
                    i -> (i % 2 == 0 ? ledger : other)
                            .send(reserve("r" + i, 10), ORIGIN)
                            .join());

            assertThat(answers).filteredOn(Answer.Done.class::isInstance).hasSize(100);
            assertThat(other.standing(ACME, NOW)).isEqualTo(ledger.standing(ACME, NOW));
        }
    }

    @Test
    void a_rejection_is_decided_on_what_another_node_has_committed() {
        done(open(0));
        try (Ledger other = new Ledger(database, LedgerPolicy.STANDARD)) {
            assertThat(refused(reserve("r1", 10))).isInstanceOf(InsufficientMinutes.class);
            other.send(
                            new OrganizationCommand.PurchaseOverage(
                                    ACME,
                                    NOW,
                                    new dev.usageledger.organization.PurchaseId("p1"),
                                    Minutes.of(10),
                                    null,
                                    null),
                            ORIGIN)
                    .join();

            done(reserve("r1", 10));
        }
    }

    private Answer send(OrganizationCommand command) {
        return ledger.send(command, ORIGIN).join();
    }

    private Answer.Done done(OrganizationCommand command) {
        return (Answer.Done) send(command);
    }

    private Object refused(OrganizationCommand command) {
        return ((Answer.Refused) send(command)).rejection();
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

    private static ReserveMinutes reserve(String id, long minutes) {
        return new ReserveMinutes(
                ACME, NOW, new ReservationId(id), Minutes.of(minutes), ReserveMinutes.DEFAULT_TTL, null);
    }

    private static RecordTranscription record(String id, long minutes) {
        return new RecordTranscription(
                ACME, NOW, new TranscriptionId(id), Minutes.of(minutes), null, null, null, null, OnInsufficient.RECORD);
    }

    private interface Sending<T> {
        T send(int i);
    }

    private static <T> List<T> concurrently(int times, Sending<T> sending) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<T>> calls = IntStream.range(0, times)
                    .<Callable<T>>mapToObj(i -> () -> sending.send(i))
                    .toList();
            List<Future<T>> answers = clients.invokeAll(calls);
            return answers.stream().map(Future::resultNow).toList();
        }
    }
}
