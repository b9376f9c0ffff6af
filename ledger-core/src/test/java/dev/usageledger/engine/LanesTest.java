package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.PurchaseOverage;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationCommand.ReserveMinutes;
import dev.usageledger.organization.OrganizationEvent.MemberAdded;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Batches made on purpose: while the table is locked, commands queue up behind the first. The timeout only
 * ends a test that hangs.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LanesTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final Origin ORIGIN = new Origin("test", "request-1", null);
    private static final LedgerSettings ONE_LANE = new LedgerSettings(1, 256, 4_096, 1_000);

    /** The second is made use of once eight commands wait in the first. */
    private static final LedgerSettings TWO_LANES = new LedgerSettings(2, 32, 4_096, 1_000);

    private final HikariDataSource database = TestDatabase.create();
    private final Counts counts = new Counts();
    private Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD, ONE_LANE, counts);

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    @Test
    void what_waits_together_is_committed_together() throws Exception {
        open("acme", "globex");

        List<CompletableFuture<Answer>> answers = oneBatchBehind(record("acme", "first"), recordings("t"));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Answer.Done.class));
        assertThat(counts.largestBatch).hasValue(100);
        assertThat(used("acme")).isEqualTo(Minutes.of(51));
    }

    @Test
    void a_batch_is_one_statement_however_many_commands_it_has_and_one_more_where_it_must_look() throws Exception {
        NotedStatements statements = watched(ONE_LANE);
        open("acme", "globex");

        statements.clear();
        oneBatchBehind(record("acme", "before-t"), recordings("t")).forEach(CompletableFuture::join);
        assertThat(statements.verbs()).as("what went before, and the batch").containsExactly("INSERT", "INSERT");

        List<OrganizationCommand> withRejection = recordings("u");
        withRejection.add(reserve("acme", "r1", 1_000_000));
        statements.clear();
        oneBatchBehind(record("acme", "before-u"), withRejection).forEach(CompletableFuture::join);
        assertThat(statements.verbs())
                .as("what went before, then the look, and the batch")
                .containsExactly("INSERT", "SELECT", "INSERT");
    }

    private static List<OrganizationCommand> recordings(String prefix) {
        return IntStream.range(0, 100)
                .<OrganizationCommand>mapToObj(i -> record(i % 2 == 0 ? "acme" : "globex", prefix + i))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** All in one batch while another is being committed; of these, at most the last may keep the lane from taking more. */
    private List<CompletableFuture<Answer>> oneBatchBehind(
            OrganizationCommand another, List<OrganizationCommand> commands) throws Exception {
        return whileLocked(() -> {
            List<CompletableFuture<Answer>> sent = new ArrayList<>();
            sent.add(send(another));
            awaitTaken();
            commands.forEach(command -> sent.add(send(command)));
            awaitTaken();
            return sent;
        });
    }

    @Test
    void an_organization_that_cannot_be_read_costs_its_neighbours_nothing() throws Exception {
        open("acme", "poisoned");
        execute("""
                INSERT INTO ledger.events
                    (organization_id, sequence, event_id, type, revision, recorded_at, payload, metadata, hash)
                VALUES ('poisoned', 1, gen_random_uuid(), 'from-the-future', 1, now(), '{"a": 1}', '{}', sha256('x'))
                """);

        List<CompletableFuture<Answer>> answers =
                batchOf(record("acme", "t1"), record("poisoned", "t1"), record("acme", "t2"));

        assertThat(answers.get(0).join()).isInstanceOf(Answer.Done.class);
        assertThat(fault(answers.get(1))).isInstanceOf(UnreadableEventException.class);
        assertThat(answers.get(2).join()).isInstanceOf(Answer.Done.class);
    }

    @Test
    void an_event_that_cannot_be_stored_costs_its_neighbours_nothing() throws Exception {
        open("acme", "globex");
        OrganizationCommand unstorable = record("globex", "t1", NOW.plusNanos(1));

        List<CompletableFuture<Answer>> answers = batchOf(record("acme", "t1"), unstorable, record("globex", "t2"));

        assertThat(answers.get(0).join()).isInstanceOf(Answer.Done.class);
        assertThat(fault(answers.get(1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(answers.get(2).join()).isInstanceOf(Answer.Done.class);
        assertThat(used("globex")).isEqualTo(Minutes.of(1));
    }

    @Test
    void a_connection_lost_in_the_middle_of_a_batch_loses_nothing_and_counts_nothing_twice() throws Exception {
        open("acme");
        blow(When.STORING, 1, "PERFORM pg_terminate_backend(pg_backend_pid())");

        List<CompletableFuture<Answer>> answers = IntStream.range(0, 50)
                .mapToObj(i -> send(record("acme", "t" + i)))
                .toList();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Answer.Done.class));
        assertThat(counts.repeated).hasPositiveValue();
        assertThat(used("acme")).isEqualTo(Minutes.of(50));
        assertThat(ledger.events(new EventQuery(new OrganizationId("acme"), null, 100)))
                .hasSize(51);
    }

    /** Three times: what was presumed to be new is decided again after any fault, and it is the look after it that counts. */
    @ParameterizedTest
    @EnumSource
    void a_batch_that_cannot_be_serialized_with_other_writers_is_decided_again(When when) throws Exception {
        open("acme", "globex", "plug");
        blow(when, 3, "RAISE EXCEPTION 'not serializable' USING ERRCODE = 'serialization_failure'");

        List<CompletableFuture<Answer>> answers = batchOf(record("acme", "t1"), record("globex", "t1"));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Answer.Done.class));
        assertThat(counts.largestBatch).as("not one by one").hasValueGreaterThan(1);
    }

    private enum When {
        STORING("CREATE TRIGGER blow AFTER INSERT ON ledger.events FOR EACH STATEMENT"),
        COMMITTING(
                "CREATE CONSTRAINT TRIGGER blow AFTER INSERT ON ledger.events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW");

        private final String trigger;

        When(String trigger) {
            this.trigger = trigger;
        }
    }

    /** Has the database do something at the first times that events are stored. */
    private void blow(When when, int times, String statement) throws SQLException {
        execute("CREATE SEQUENCE ledger.blows");
        execute("""
                CREATE FUNCTION ledger.blow() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('ledger.blows') <= %d THEN
                        %s;
                    END IF;
                    RETURN NULL;
                END
                $$
                """.formatted(times, statement));
        execute(when.trigger + " EXECUTE FUNCTION ledger.blow()");
    }

    @Test
    void a_batch_that_the_database_refuses_is_run_one_by_one() throws Exception {
        open("acme", "globex");
        execute("""
                CREATE FUNCTION ledger.refuse_globex() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation';
                END
                $$
                """);
        execute("""
                CREATE TRIGGER refuse BEFORE INSERT ON ledger.events
                FOR EACH ROW WHEN (NEW.organization_id = 'globex') EXECUTE FUNCTION ledger.refuse_globex()
                """);

        List<CompletableFuture<Answer>> answers =
                batchOf(record("acme", "t1"), record("globex", "t1"), record("acme", "t2"));

        assertThat(answers.get(0).join()).isInstanceOf(Answer.Done.class);
        assertThat(fault(answers.get(1))).isInstanceOf(DatabaseException.class);
        assertThat(answers.get(2).join()).isInstanceOf(Answer.Done.class);
        assertThat(used("globex")).isEqualTo(Minutes.ZERO);
    }

    @Test
    void a_full_lane_refuses_at_once_and_goes_on_with_what_it_has() throws Exception {
        open("acme");
        use(new LedgerSettings(1, 256, 2, 1_000));

        List<CompletableFuture<Answer>> answers = whileLocked(() -> {
            List<CompletableFuture<Answer>> sent = new ArrayList<>();
            sent.add(send(record("acme", "t0")));
            awaitTaken();
            IntStream.rangeClosed(1, 3).forEach(i -> sent.add(send(record("acme", "t" + i))));
            assertThat(fault(sent.get(3))).isInstanceOf(LedgerUnavailableException.class);
            return sent.subList(0, 3);
        });

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Answer.Done.class));
        assertThat(used("acme")).isEqualTo(Minutes.of(3));
    }

    @Test
    void in_order_a_full_lane_goes_on_with_what_it_has_and_refuses_all_behind_the_first_it_refused() throws Exception {
        open("acme");
        use(new LedgerSettings(1, 256, 2, 1_000));
        OrderedSender sender = ledger.inOrder(ORIGIN);

        List<CompletableFuture<Answer>> answers = whileLocked(() -> {
            List<CompletableFuture<Answer>> sent = new ArrayList<>();
            sent.add(sender.send(record("acme", "t0")));
            awaitTaken();
            IntStream.rangeClosed(1, 3).forEach(i -> sent.add(sender.send(record("acme", "t" + i))));
            assertThat(fault(sent.get(3))).isInstanceOf(LedgerUnavailableException.class);
            return sent.subList(0, 3);
        });

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Answer.Done.class));
        assertThat(fault(sender.send(record("acme", "t4")))).isInstanceOf(LedgerUnavailableException.class);
        assertThat(used("acme")).isEqualTo(Minutes.of(3));
    }

    @Test
    void one_hot_organization_does_not_keep_the_others_waiting() throws Exception {
        open("hot", "acme");
        use(new LedgerSettings(1, 32, 512, 1_000));
        List<String> order = Collections.synchronizedList(new ArrayList<>());

        List<CompletableFuture<Answer>> answers = whileLocked(() -> {
            List<CompletableFuture<Answer>> sent = new ArrayList<>();
            sent.add(send(record("hot", "first")));
            awaitTaken();
            IntStream.range(0, 400).forEach(i -> sent.add(noted(order, "hot", "t" + i)));
            sent.add(noted(order, "acme", "t1"));
            return sent;
        });

        answers.forEach(CompletableFuture::join);
        assertThat(order.indexOf("acme")).isLessThan(32);
    }

    @Test
    void where_a_lane_is_crowded_another_serves_whoever_has_nothing_under_way() throws Exception {
        use(TWO_LANES);
        open("hot", "acme", "globex");
        List<CompletableFuture<Answer>> held = new ArrayList<>();

        try (Connection otherNode = database.getConnection()) {
            append(otherNode, "hot", 1);
            held.add(send(record("hot", "first")));
            awaitTaken();
            held.add(send(record("acme", "a1")));
            IntStream.range(0, 400).forEach(i -> held.add(send(record("hot", "t" + i))));
            held.add(send(record("acme", "a2")));
            assertThat(send(record("globex", "t")).join()).isInstanceOf(Answer.Done.class);
            assertThat(held)
                    .as("among them one of acme, which overtakes nothing")
                    .noneMatch(CompletableFuture::isDone);
            otherNode.rollback();
        }

        assertThat(held).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Answer.Done.class));
        assertThat(transcriptions("acme")).containsExactly("a1", "a2");
        assertThat(used("hot")).isEqualTo(Minutes.of(401));
    }

    @Test
    void as_long_as_few_wait_they_share_a_commit_however_many_lanes_there_are() throws Exception {
        use(new LedgerSettings(3, 256, 4_096, 1_000));
        open("acme", "globex");

        oneBatchBehind(record("acme", "first"), recordings("t")).forEach(CompletableFuture::join);

        assertThat(counts.largestBatch).hasValue(100);
    }

    @Test
    void two_nodes_that_write_one_organization_lose_nothing_and_leave_no_gap() throws Exception {
        open("acme");
        try (Ledger other = new Ledger(database, LedgerPolicy.STANDARD, ONE_LANE, counts)) {
            List<CompletableFuture<Answer>> answers = IntStream.range(0, 2_000)
                    .mapToObj(i -> (i % 2 == 0 ? ledger : other).send(record("acme", "t" + i), ORIGIN))
                    .toList();

            assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Answer.Done.class));
            assertThat(other.standing(new OrganizationId("acme"), NOW))
                    .isEqualTo(ledger.standing(new OrganizationId("acme"), NOW));
        }
        assertThat(used("acme")).isEqualTo(Minutes.of(2_000));
        assertThat(ledger.events(new EventQuery(new OrganizationId("acme"), null, 3_000)))
                .extracting(RecordedEvent::sequence)
                .containsExactlyElementsOf(IntStream.iterate(2_000, i -> i >= 0, i -> i - 1)
                        .mapToObj(Long::valueOf)
                        .toList());
    }

    /** With few per batch, another lane is made use of at once, and with many organizations they change lanes often. */
    @ParameterizedTest
    @CsvSource({"1, 256, 3", "2, 4, 3", "2, 4, 60", "3, 8, 60"})
    void one_node_alone_is_never_refused_by_itself_and_never_looks(int lanes, int batch, int organizations) {
        NotedStatements statements = watched(new LedgerSettings(lanes, batch, 4_096, 1_000));
        open(IntStream.range(0, organizations).mapToObj(i -> "o" + i).toArray(String[]::new));
        statements.clear();

        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 64)
                    .forEach(client -> clients.submit(() -> IntStream.range(0, 60)
                            .forEach(i -> send(record("o" + i % organizations, client + "-" + i))
                                    .join())));
        }

        assertThat(counts.repeated).hasValue(0);
        assertThat(statements.verbs()).containsOnly("INSERT");
        assertThat(IntStream.range(0, organizations).mapToObj(i -> used("o" + i)))
                .containsOnly(Minutes.of(64 * 60 / organizations));
    }

    @Test
    void what_another_node_has_recorded_since_is_seen_by_the_next_decision() throws Exception {
        open("acme");
        try (Ledger other = new Ledger(database, LedgerPolicy.STANDARD, ONE_LANE, LaneMetrics.NONE)) {
            other.send(record("acme", "elsewhere"), ORIGIN).join();
        }

        Answer.Done answer = (Answer.Done) send(record("acme", "t1")).join();

        assertThat(answer.standing().balance().used()).isEqualTo(Minutes.of(2));
        assertThat(counts.repeated)
                .as("decided on what was known, and refused by the store")
                .hasValue(1);
    }

    @Test
    void a_rejection_is_answered_on_what_is_true_and_not_on_what_was_known() throws Exception {
        open("acme");
        send(reserve("acme", "r1", 1_000_000)).join();
        assertThat(send(reserve("acme", "r2", 10)).join()).isInstanceOf(Answer.Refused.class);
        try (Ledger other = new Ledger(database, LedgerPolicy.STANDARD, ONE_LANE, LaneMetrics.NONE)) {
            other.send(
                            new PurchaseOverage(
                                    new OrganizationId("acme"), NOW, new PurchaseId("p1"), Minutes.of(10), null, null),
                            ORIGIN)
                    .join();
        }

        assertThat(send(reserve("acme", "r2", 10)).join()).isInstanceOf(Answer.Done.class);
    }

    @Test
    void a_rejection_takes_nothing_from_those_that_it_shares_a_commit_with() throws Exception {
        open("acme", "globex");

        List<CompletableFuture<Answer>> answers =
                batchOf(record("acme", "t1"), reserve("acme", "r1", 1_000_000), record("globex", "t1"));

        assertThat(answers.get(0).join()).isInstanceOf(Answer.Done.class);
        assertThat(answers.get(1).join()).isInstanceOf(Answer.Refused.class);
        assertThat(answers.get(2).join()).isInstanceOf(Answer.Done.class);
        assertThat(counts.largestBatch).hasValueGreaterThan(1);
        assertThat(used("acme")).isEqualTo(Minutes.of(1));
    }

    @Test
    void a_command_that_comes_again_is_a_replay_and_costs_its_neighbours_nothing() throws Exception {
        open("acme", "globex");
        send(record("acme", "t1")).join();

        List<CompletableFuture<Answer>> answers =
                batchOf(record("globex", "t1"), record("acme", "t1"), record("acme", "t2"));

        assertThat(answers)
                .extracting(answer -> ((Answer.Done) answer.join()).replayed())
                .containsExactly(false, true, false);
        assertThat(used("acme")).isEqualTo(Minutes.of(2));
    }

    @Test
    void what_was_decided_on_top_of_a_batch_that_is_refused_is_decided_again_behind_it() throws Exception {
        open("acme", "globex");
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        try (Connection otherNode = database.getConnection();
                Statement statement = otherNode.createStatement()) {
            otherNode.setAutoCommit(false);
            statement.execute("LOCK TABLE ledger.events IN EXCLUSIVE MODE");
            answers.add(send(record("acme", "t0")));
            awaitTaken();
            for (int i = 1; i < 10; i++) {
                answers.add(send(record("acme", "t" + i)));
                answers.add(send(record("globex", "t" + i)));
            }
            awaitTaken();
            statement.execute("""
                    INSERT INTO ledger.events
                        (organization_id, sequence, event_id, type, revision, recorded_at, payload, metadata, hash)
                    VALUES ('acme', 1, gen_random_uuid(), 'member-added', 1, '2026-02-01T10:00:00Z', '{"userId": "ada"}', '{}', sha256('x'))
                    """);
            otherNode.commit();
        }

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Answer.Done.class));
        assertThat(counts.repeated).hasPositiveValue();
        assertThat(transcriptions("acme")).startsWith("t0").hasSize(10).isSorted();
        assertThat(transcriptions("globex")).hasSize(9).isSorted();
    }

    /** Another node's commit takes long, as when its disk is busy. */
    @Test
    void a_batch_that_has_waited_long_for_its_turn_goes_without_one_and_is_not_taken_apart() throws Exception {
        open("acme");
        try (Ledger other = new Ledger(database, LedgerPolicy.STANDARD, ONE_LANE, LaneMetrics.NONE)) {
            other.send(record("acme", "elsewhere"), ORIGIN).join();
        }
        send(record("acme", "refused-at-first")).join();
        int repeated = counts.repeated.get();
        int committed = counts.committed.get();

        try (Connection otherNode = database.getConnection()) {
            append(otherNode, "globex", 0);
            List<CompletableFuture<Answer>> answers = IntStream.range(0, 10)
                    .mapToObj(i -> send(record("acme", "t" + i)))
                    .toList();
            // While it still has not committed.
            assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(Answer.Done.class));
            send(record("acme", "next")).join();
            otherNode.commit();
        }

        assertThat(counts.repeated).as("the next batch did not ask for a turn").hasValue(repeated + 1);
        assertThat(counts.committed).as("in batches").hasValue(committed + 11);
    }

    /** Without a commit: whoever writes an event of that sequence waits for it. */
    private static void append(Connection connection, String organization, long sequence) throws SQLException {
        connection.setAutoCommit(false);
        NewEvent event = NewEvent.of(
                new OrganizationId(organization), sequence, new MemberAdded(NOW, new UserId("ada")), Map.of());
        EventTable.append(connection, new HashChain(1).link(connection, List.of(event)));
    }

    private CompletableFuture<Answer> noted(List<String> order, String organization, String transcription) {
        CompletableFuture<Answer> answer = send(record(organization, transcription));
        answer.thenRun(() -> order.add(organization));
        return answer;
    }

    /** From here on, what its lane asks of the database is noted. */
    private NotedStatements watched(LedgerSettings settings) {
        ledger.close();
        NotedStatements statements = new NotedStatements(database);
        ledger = new Ledger(statements.database(), LedgerPolicy.STANDARD, settings, counts);
        return statements;
    }

    private void use(LedgerSettings settings) {
        ledger.close();
        ledger = new Ledger(database, LedgerPolicy.STANDARD, settings, counts);
    }

    private interface Sending {
        List<CompletableFuture<Answer>> send() throws Exception;
    }

    private List<CompletableFuture<Answer>> batchOf(OrganizationCommand... commands) throws Exception {
        open("plug");
        return whileLocked(() -> {
            send(record("plug", "plug"));
            awaitTaken();
            return List.of(commands).stream().map(this::send).toList();
        });
    }

    private List<CompletableFuture<Answer>> whileLocked(Sending sending) throws Exception {
        try (Connection connection = database.getConnection();
                Statement lock = connection.createStatement()) {
            connection.setAutoCommit(false);
            lock.execute("LOCK TABLE ledger.events IN EXCLUSIVE MODE");
            List<CompletableFuture<Answer>> sent = sending.send();
            connection.rollback();
            return sent;
        }
    }

    /** Until the lane has taken what was sent: the first waits for the lock, and what came after gathers behind it. */
    private void awaitTaken() {
        while (counts.waiting.getAsInt() > 0) {
            Thread.onSpinWait();
        }
    }

    private CompletableFuture<Answer> send(OrganizationCommand command) {
        return ledger.send(command, ORIGIN);
    }

    private static Throwable fault(CompletableFuture<Answer> answer) {
        CompletionException fault = assertThrows(CompletionException.class, answer::join);
        return fault.getCause();
    }

    private void open(String... organizations) {
        for (String organization : organizations) {
            send(new OpenOrganization(
                            new OrganizationId(organization),
                            NOW,
                            organization,
                            new Plan("team", Minutes.of(1_000_000), Plan.Limit.HARD),
                            ZoneOffset.UTC,
                            LocalDateTime.parse("2026-01-31T00:00:00")))
                    .join();
        }
    }

    private Minutes used(String organization) {
        return ledger.standing(new OrganizationId(organization), NOW)
                .orElseThrow()
                .balance()
                .used();
    }

    /** In the order they were recorded in. */
    private List<String> transcriptions(String organization) {
        return ledger.events(new EventQuery(new OrganizationId(organization), null, 1_000)).reversed().stream()
                .map(RecordedEvent::event)
                .filter(TranscriptionRecorded.class::isInstance)
                .map(event -> ((TranscriptionRecorded) event).transcriptionId().value())
                .toList();
    }

    private static ReserveMinutes reserve(String organization, String reservation, long minutes) {
        return new ReserveMinutes(
                new OrganizationId(organization),
                NOW,
                new ReservationId(reservation),
                Minutes.of(minutes),
                ReserveMinutes.DEFAULT_TTL,
                null);
    }

    private static RecordTranscription record(String organization, String transcription) {
        return record(organization, transcription, NOW);
    }

    private static RecordTranscription record(String organization, String transcription, Instant receivedAt) {
        return new RecordTranscription(
                new OrganizationId(organization),
                receivedAt,
                new TranscriptionId(transcription),
                Minutes.of(1),
                null,
                null,
                null,
                null,
                OnInsufficient.RECORD);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static final class Counts implements LaneMetrics {
        private final AtomicInteger committed = new AtomicInteger();
        private final AtomicInteger largestBatch = new AtomicInteger();
        private final AtomicInteger repeated = new AtomicInteger();
        private volatile IntSupplier waiting = () -> 0;

        @Override
        public void observeQueue(IntSupplier waitingNow) {
            waiting = waitingNow;
        }

        @Override
        public void committed(int commands, long nanos) {
            committed.addAndGet(commands);
            largestBatch.accumulateAndGet(commands, Math::max);
        }

        @Override
        public void repeated() {
            repeated.incrementAndGet();
        }
    }
}
