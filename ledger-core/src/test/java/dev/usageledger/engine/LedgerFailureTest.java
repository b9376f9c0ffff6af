package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.testing.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The timeout only ends a test that hangs; nothing here depends on how long anything takes. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LedgerFailureTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final Origin ORIGIN = new Origin("test", "request-1", null);

    private final HikariDataSource database = TestDatabase.create();

    /** The two ways of a command; nothing that can go wrong may tell them apart in what is recorded. */
    private enum Bus {
        ONE_BY_ONE(LedgerSettings.STANDARD.withoutLanes()),
        LANES(LedgerSettings.STANDARD);

        private final LedgerSettings settings;

        Bus(LedgerSettings settings) {
            this.settings = settings;
        }

        Ledger on(DataSource database) {
            return new Ledger(database, LedgerPolicy.STANDARD, settings, LaneMetrics.NONE);
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_session_that_ends_in_the_middle_leaves_nothing_and_the_command_can_be_sent_again(Bus bus) throws Exception {
        try (Ledger ledger = bus.on(database)) {
            ledger.send(open(100), ORIGIN).join();
            endSessionOnce("AFTER INSERT ON ledger.events FOR EACH STATEMENT", "TRIGGER");

            answerAtLast(ledger, record(ACME, "t1", 60), new AtomicInteger());

            recordedOnce(ledger, 60);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_session_that_ends_while_it_commits_leaves_nothing_and_the_command_can_be_sent_again(Bus bus)
            throws Exception {
        try (Ledger ledger = bus.on(database)) {
            ledger.send(open(100), ORIGIN).join();
            endSessionOnce(
                    "AFTER INSERT ON ledger.events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW", "CONSTRAINT TRIGGER");

            answerAtLast(ledger, record(ACME, "t1", 60), new AtomicInteger());

            recordedOnce(ledger, 60);
        }
    }

    @Test
    void without_lanes_a_session_that_ends_is_told_to_whoever_sent_the_command() throws Exception {
        try (Ledger ledger = Bus.ONE_BY_ONE.on(database)) {
            ledger.send(open(100), ORIGIN).join();
            endSessionOnce("AFTER INSERT ON ledger.events FOR EACH STATEMENT", "TRIGGER");

            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(
                            () -> ledger.send(record(ACME, "t1", 60), ORIGIN).join())
                    .withCauseInstanceOf(LedgerUnavailableException.class);
            assertThat(used(ledger, ACME)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_commit_that_nobody_could_tell_of_is_found_when_the_command_comes_again(Bus bus) {
        AtomicInteger toLose = new AtomicInteger();
        try (Ledger ledger = bus.on(losingCommits(toLose))) {
            ledger.send(open(100), ORIGIN).join();
            toLose.set(1);

            Answer.Done answer = answerAtLast(ledger, record(ACME, "t1", 60), new AtomicInteger());

            assertThat(answer.replayed()).as("it was in the ledger already").isTrue();
            assertThat(answer.standing().balance().used()).isEqualTo(Minutes.of(60));
            recordedOnce(ledger, 60);
        }
    }

    /** Such as a lack of memory. Axon rolls back what fails with an exception, and only that. */
    @ParameterizedTest
    @EnumSource
    void an_error_while_events_are_stored_leaves_nothing_that_later_commands_could_be_part_of(Bus bus) {
        AtomicReference<Throwable> fault = new AtomicReference<>();
        try (Ledger ledger = bus.on(failing(fault))) {
            ledger.send(open(100), ORIGIN).join();
            // A lane that has just lost a connection takes its turn in a transaction.
            fault.set(new SQLException("the connection broke", "08006"));
            answerAtLast(ledger, record(ACME, "t1", 10), new AtomicInteger());

            fault.set(new OutOfMemoryError("made up"));
            assertThatThrownBy(() -> ledger.send(record(ACME, "t2", 20), ORIGIN).join())
                    .hasStackTraceContaining("made up");
            answerAtLast(ledger, record(ACME, "t3", 30), new AtomicInteger());

            try (Ledger afresh = Bus.LANES.on(database)) {
                assertThat(used(afresh, ACME)).as("t1 and t3").isEqualTo(40);
            }
            assertThat(answerAtLast(ledger, record(ACME, "t2", 20), new AtomicInteger())
                            .replayed())
                    .isFalse();
            assertThat(used(ledger, ACME)).isEqualTo(60);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sessions_that_end_all_the_time_lose_nothing_that_was_answered_and_count_nothing_twice(Bus bus)
            throws Exception {
        List<OrganizationId> organizations = LongStream.range(0, 4)
                .mapToObj(i -> new OrganizationId("o" + i))
                .toList();
        AtomicInteger unavailable = new AtomicInteger();
        try (Ledger ledger = bus.on(database);
                ExecutorService clients = Executors.newCachedThreadPool()) {
            organizations.forEach(id -> ledger.send(open(id, 10_000), ORIGIN).join());

            List<Future<?>> sending = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                OrganizationId id = organizations.get(client % 4);
                String prefix = "c" + client + "-";
                sending.add(clients.submit(() -> {
                    for (int i = 0; i < 60; i++) {
                        answerAtLast(ledger, record(id, prefix + i, 1), unavailable);
                    }
                }));
            }
            endSessionsUntilDone(sending);

            for (OrganizationId id : organizations) {
                assertThat(used(ledger, id)).isEqualTo(120);
                assertThat(sequences(ledger, id))
                        .isEqualTo(LongStream.rangeClosed(0, 120).boxed().toList());
            }
        }
    }

    /** In batches of four, of which the first is given up while the others wait, and the database is back by then. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void what_is_sent_in_order_does_not_overtake_what_could_not_be_answered(int lanes) throws Exception {
        AtomicBoolean isAway = new AtomicBoolean();
        LedgerSettings fewPerBatch = new LedgerSettings(lanes, 4, 4_096, 1_000);
        try (Ledger ledger = new Ledger(away(isAway), LedgerPolicy.STANDARD, fewPerBatch, LaneMetrics.NONE)) {
            ledger.send(open(100), ORIGIN).join();
            isAway.set(true);
            OrderedSender sender = ledger.inOrder(ORIGIN);
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                answers.add(sender.send(record(ACME, "t" + i, 1)));
                if (i == 0) {
                    answers.getFirst().whenComplete((answer, fault) -> isAway.set(false));
                }
            }

            for (CompletableFuture<Answer> answer : answers) {
                assertThatExceptionOfType(CompletionException.class)
                        .isThrownBy(answer::join)
                        .withCauseInstanceOf(LedgerUnavailableException.class);
            }
            assertThat(used(ledger, ACME)).isZero();
            OrderedSender again = ledger.inOrder(ORIGIN);
            for (int i = 0; i < 60; i++) {
                again.send(record(ACME, "t" + i, 1)).join();
            }
            assertThat(used(ledger, ACME)).isEqualTo(60);
        }
    }

    private DataSource away(AtomicBoolean isAway) {
        return proxy(DataSource.class, database, (method, result) -> {
            if (method.equals("getConnection") && isAway.get()) {
                ((Connection) result).close();
                throw new SQLTransientConnectionException("no connection is to be had");
            }
            return result;
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_command_that_is_never_first_is_refused_for_now_and_goes_through_when_others_rest(Bus bus) throws Exception {
        try (Ledger ledger = bus.on(database)) {
            ledger.send(open(100), ORIGIN).join();
            execute("""
                    CREATE FUNCTION ledger.always_later() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        RAISE EXCEPTION 'taken' USING ERRCODE = 'unique_violation';
                    END
                    $$
                    """);
            execute("""
                    CREATE TRIGGER always_later BEFORE INSERT ON ledger.events
                    FOR EACH ROW EXECUTE FUNCTION ledger.always_later()
                    """);

            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(
                            () -> ledger.send(record(ACME, "t1", 60), ORIGIN).join())
                    .withCauseInstanceOf(LedgerUnavailableException.class);

            execute("DROP TRIGGER always_later ON ledger.events");
            ledger.send(record(ACME, "t1", 60), ORIGIN).join();
            recordedOnce(ledger, 60);
        }
    }

    @Test
    void two_nodes_of_either_kind_never_sell_more_than_there_is_and_leave_no_gap() throws Exception {
        List<OrganizationId> organizations = LongStream.range(0, 3)
                .mapToObj(i -> new OrganizationId("o" + i))
                .toList();
        try (Ledger one = Bus.LANES.on(database);
                Ledger other = Bus.ONE_BY_ONE.on(database);
                ExecutorService clients = Executors.newCachedThreadPool()) {
            organizations.forEach(id -> one.send(open(id, 1_000), ORIGIN).join());

            List<Future<Set<OrganizationId>>> sending = new ArrayList<>();
            AtomicInteger granted = new AtomicInteger();
            for (int client = 0; client < 10; client++) {
                Ledger ledger = client % 2 == 0 ? one : other;
                String prefix = "c" + client + "-";
                Random random = new Random(client);
                sending.add(clients.submit(() -> {
                    Set<OrganizationId> refused = new HashSet<>();
                    for (int i = 0; i < 60; i++) {
                        OrganizationId id = organizations.get(random.nextInt(3));
                        Answer answer =
                                ledger.send(reserve(id, prefix + i, 10), ORIGIN).join();
                        if (answer instanceof Answer.Done) {
                            granted.incrementAndGet();
                        } else {
                            refused.add(id);
                        }
                    }
                    return refused;
                }));
            }
            Set<OrganizationId> refused = new HashSet<>();
            for (Future<Set<OrganizationId>> client : sending) {
                refused.addAll(client.get());
            }

            assertThat(refused).as("all were asked for more than they had").containsAll(organizations);
            assertThat(granted).hasValue(3 * 100);
            for (OrganizationId id : organizations) {
                assertThat(one.standing(id, NOW)).isEqualTo(other.standing(id, NOW));
                assertThat(one.standing(id, NOW).orElseThrow().balance().held()).isEqualTo(Minutes.of(1_000));
                assertThat(sequences(one, id))
                        .isEqualTo(LongStream.rangeClosed(0, 100).boxed().toList());
            }
        }
    }

    /** As a caller is told to: what cannot be answered right now is sent again, however often that takes. */
    private static Answer.Done answerAtLast(Ledger ledger, OrganizationCommand command, AtomicInteger unavailable) {
        while (true) {
            try {
                return (Answer.Done) ledger.send(command, ORIGIN).join();
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(LedgerUnavailableException.class);
                unavailable.incrementAndGet();
            }
        }
    }

    private void recordedOnce(Ledger ledger, long minutes) {
        assertThat(used(ledger, ACME)).isEqualTo(minutes);
        assertThat(sequences(ledger, ACME)).containsExactly(0L, 1L);
        try (Ledger afresh = Bus.LANES.on(database)) {
            assertThat(afresh.standing(ACME, NOW)).isEqualTo(ledger.standing(ACME, NOW));
        }
    }

    private static long used(Ledger ledger, OrganizationId id) {
        while (true) {
            try {
                return ledger.standing(id, NOW).orElseThrow().balance().used().value();
            } catch (LedgerUnavailableException e) {
                // A session that was ended may still be in the pool.
                Thread.onSpinWait();
            }
        }
    }

    private static List<Long> sequences(Ledger ledger, OrganizationId id) {
        return ledger.events(new EventQuery(id, null, 10_000)).reversed().stream()
                .map(RecordedEvent::sequence)
                .toList();
    }

    /** The first session that comes to this trigger ends itself there; a sequence remembers it beyond the rollback. */
    private void endSessionOnce(String when, String kind) throws SQLException {
        execute("CREATE SEQUENCE ledger.ended");
        execute("""
                CREATE FUNCTION ledger.end_session_once() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('ledger.ended') = 1 THEN
                        PERFORM pg_terminate_backend(pg_backend_pid());
                    END IF;
                    RETURN NULL;
                END
                $$
                """);
        execute("CREATE %s end_session %s EXECUTE FUNCTION ledger.end_session_once()".formatted(kind, when));
    }

    private void endSessionsUntilDone(List<Future<?>> sending) throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 15; i++) {
                statement.execute("""
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                        """);
                Thread.sleep(20);
            }
        }
        for (Future<?> client : sending) {
            client.get();
        }
    }

    /**
     * Commits that come about, and whose connection then breaks before it can say so: asked for by themselves, or part
     * of the one statement that writes the events.
     */
    private DataSource losingCommits(AtomicInteger toLose) {
        return proxy(
                DataSource.class,
                database,
                (method, result) ->
                        method.equals("getConnection") ? losingCommits((Connection) result, toLose) : result);
    }

    private static Connection losingCommits(Connection connection, AtomicInteger toLose) {
        return proxy(Connection.class, connection, (method, result) -> {
            if (method.equals("commit")) {
                loseOneOf(toLose);
            }
            return method.equals("prepareStatement") && connection.getAutoCommit()
                    ? losingCommits((PreparedStatement) result, toLose)
                    : result;
        });
    }

    private static PreparedStatement losingCommits(PreparedStatement statement, AtomicInteger toLose) {
        return proxy(PreparedStatement.class, statement, (method, result) -> {
            if (method.equals("executeQuery") && statement.toString().contains("INSERT INTO ledger.events")) {
                loseOneOf(toLose);
            }
            return result;
        });
    }

    /** Throws what is set, once, when events have been written; whether they are committed is another matter. */
    private DataSource failing(AtomicReference<Throwable> fault) {
        return proxy(
                DataSource.class,
                database,
                (method, result) -> method.equals("getConnection") ? failing((Connection) result, fault) : result);
    }

    private static Connection failing(Connection connection, AtomicReference<Throwable> fault) {
        return proxy(
                Connection.class,
                connection,
                (method, result) ->
                        method.equals("prepareStatement") ? failing((PreparedStatement) result, fault) : result);
    }

    private static PreparedStatement failing(PreparedStatement statement, AtomicReference<Throwable> fault) {
        return proxy(PreparedStatement.class, statement, (method, result) -> {
            if (method.equals("executeQuery") && statement.toString().contains("INSERT INTO ledger.events")) {
                Throwable thrown = fault.getAndSet(null);
                if (thrown != null) {
                    throw thrown;
                }
            }
            return result;
        });
    }

    private static void loseOneOf(AtomicInteger toLose) throws SQLException {
        if (toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new SQLException("the connection broke", "08006");
        }
    }

    private interface Afterwards {
        Object of(String method, Object result) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T target, Afterwards afterwards) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return afterwards.of(method.getName(), method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static OpenOrganization open(long included) {
        return open(ACME, included);
    }

    private static OpenOrganization open(OrganizationId id, long included) {
        return new OpenOrganization(
                id,
                NOW,
                "Acme",
                new Plan("team", Minutes.of(included), Plan.Limit.HARD),
                ZoneOffset.UTC,
                LocalDateTime.parse("2026-01-31T00:00:00"));
    }

    private static ReserveMinutes reserve(OrganizationId id, String reservation, long minutes) {
        return new ReserveMinutes(
                id, NOW, new ReservationId(reservation), Minutes.of(minutes), ReserveMinutes.DEFAULT_TTL, null);
    }

    private static RecordTranscription record(OrganizationId id, String transcription, long minutes) {
        return new RecordTranscription(
                id,
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
