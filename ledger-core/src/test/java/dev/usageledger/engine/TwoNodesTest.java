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
import dev.usageledger.organization.OrganizationCommand.RollBillingPeriod;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.ReservationExpired;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.Rejection.IdempotencyConflict;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.testing.TestDatabase;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two services on one database. */
class TwoNodesTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final Origin ORIGIN = new Origin("test", "request-1", null);

    private final HikariDataSource database = TestDatabase.create();
    private final Ledger one = new Ledger(database, LedgerPolicy.STANDARD);
    private final Ledger other = new Ledger(database, LedgerPolicy.STANDARD);

    @AfterEach
    void close() {
        one.close();
        other.close();
        database.close();
    }

    @Test
    void what_one_has_answered_is_in_the_next_balance_that_the_other_is_asked_for() throws Exception {
        one.send(open("Acme"), ORIGIN).join();

        List<Boolean> seen = atOnce(16, client -> {
            for (int i = 0; i < 30; i++) {
                Ledger writer = (client + i) % 2 == 0 ? one : other;
                Ledger reader = writer == one ? other : one;
                Answer.Done answer = (Answer.Done)
                        writer.send(record(client + "-" + i, 1), ORIGIN).join();
                Standing read = reader.standing(ACME, NOW).orElseThrow();
                if (read.position() < answer.standing().position()
                        || read.balance()
                                        .used()
                                        .compareTo(answer.standing().balance().used())
                                < 0) {
                    return false;
                }
            }
            return true;
        });

        assertThat(seen).containsOnly(true);
        assertThat(one.standing(ACME, NOW).orElseThrow().balance().used()).isEqualTo(Minutes.of(16 * 30));
    }

    @Test
    void an_organization_is_opened_once_whoever_is_first() throws Exception {
        List<Answer> answers = sentAtOnce(20, i -> open("Acme " + i % 4));

        assertThat(answers).filteredOn(TwoNodesTest::isNew).hasSize(1);
        assertThat(answers).filteredOn(TwoNodesTest::isReplay).hasSize(4);
        assertThat(answers).filteredOn(TwoNodesTest::isConflict).hasSize(15);
        assertThat(events()).hasSize(1);
    }

    @Test
    void one_identifier_stands_for_one_content_whoever_is_first() throws Exception {
        one.send(open("Acme"), ORIGIN).join();

        List<Answer> answers = sentAtOnce(40, i -> record("t1", 1 + i % 5));

        assertThat(answers).filteredOn(TwoNodesTest::isNew).hasSize(1);
        assertThat(answers).filteredOn(TwoNodesTest::isReplay).hasSize(7);
        assertThat(answers).filteredOn(TwoNodesTest::isConflict).hasSize(32);
        assertThat(events()).hasSize(2);
    }

    @Test
    void what_falls_due_happens_once_although_both_see_that_it_is_due() throws Exception {
        one.send(open("Acme"), ORIGIN).join();
        one.send(
                        new ReserveMinutes(
                                ACME, NOW, new ReservationId("r1"), Minutes.of(5), ReserveMinutes.DEFAULT_TTL, null),
                        ORIGIN)
                .join();
        Instant later = Instant.parse("2026-06-15T00:00:00Z");

        List<Answer> answers = sentAtOnce(12, i -> new RollBillingPeriod(ACME, later));

        assertThat(answers).allMatch(Answer.Done.class::isInstance);
        assertThat(answers)
                .filteredOn(answer -> !((Answer.Done) answer).events().isEmpty())
                .hasSize(1);
        List<OrganizationEvent> due = events().subList(2, events().size());
        assertThat(due).hasSize(5);
        assertThat(due.getFirst()).isInstanceOf(ReservationExpired.class);
        assertThat(due.subList(1, 5)).allMatch(BillingPeriodRolled.class::isInstance);
    }

    private List<Answer> sentAtOnce(int times, IntFunction<OrganizationCommand> command) throws Exception {
        return atOnce(
                times,
                i -> (i % 2 == 0 ? one : other).send(command.apply(i), ORIGIN).join());
    }

    private static <T> List<T> atOnce(int clients, IntFunction<T> call) throws Exception {
        CountDownLatch ready = new CountDownLatch(clients);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> calls = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int client = i;
                Callable<T> waiting = () -> {
                    ready.countDown();
                    ready.await();
                    return call.apply(client);
                };
                calls.add(threads.submit(waiting));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : calls) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    private static boolean isNew(Answer answer) {
        return answer instanceof Answer.Done done && !done.replayed();
    }

    private static boolean isReplay(Answer answer) {
        return answer instanceof Answer.Done done && done.replayed();
    }

    private static boolean isConflict(Answer answer) {
        return answer instanceof Answer.Refused refused && refused.rejection() instanceof IdempotencyConflict;
    }

    private List<OrganizationEvent> events() {
        return one.events(new EventQuery(ACME, null, 1_000)).reversed().stream()
                .map(RecordedEvent::event)
                .toList();
    }

    private static OpenOrganization open(String name) {
        return new OpenOrganization(
                ACME,
                NOW,
                name,
                new Plan("team", Minutes.of(1_000_000), Plan.Limit.HARD),
                ZoneOffset.UTC,
                LocalDateTime.parse("2026-01-31T00:00:00"));
    }

    private static RecordTranscription record(String transcription, long minutes) {
        return new RecordTranscription(
                ACME,
                NOW,
                new TranscriptionId(transcription),
                Minutes.of(minutes),
                null,
                null,
                null,
                null,
                OnInsufficient.RECORD);
    }
}
