package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.OrganizationEvent.MemberAdded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import dev.usageledger.testing.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.axonframework.common.transaction.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The timeout only ends a test that hangs; nothing here depends on how long anything takes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SettledEventsTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);
    private final SettledEvents settled = new SettledEvents(transactions, new RecentEvents());

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void an_event_is_hidden_while_one_before_it_may_still_come_and_then_both_are_seen_in_order() throws SQLException {
        try (Writer early = new Writer();
                Writer slow = new Writer();
                Writer quick = new Writer()) {
            early.append("early", 1).commit();
            slow.append("slow", 1);
            quick.append("quick", 2).commit();

            assertThat(seenAfter(0)).containsExactly(1L);
            assertThat(seenAfter(1)).isEmpty();
            assertThat(seenAfter(1)).as("however often it is asked").isEmpty();

            slow.commit();
            assertThat(seenAfter(1)).containsExactly(2L, 3L, 4L);
            assertThat(settled.after(1, 10))
                    .extracting(event -> event.organizationId().value())
                    .containsExactly("slow", "quick", "quick");
        }
    }

    @Test
    void a_gap_that_a_failed_commit_left_is_passed_the_next_time_somebody_looks() throws SQLException {
        try (Writer failing = new Writer();
                Writer quick = new Writer()) {
            failing.append("failing", 3);
            quick.append("quick", 1).commit();
            assertThat(seenAfter(0)).isEmpty();

            failing.rollback();
            assertThat(seenAfter(0)).containsExactly(4L);
        }
    }

    @Test
    void a_gap_that_nobody_has_looked_at_before_is_passed_at_once() throws SQLException {
        try (Writer writer = new Writer()) {
            writer.append("failing", 3).rollback();
            writer.append("acme", 1).commit();
            writer.append("failing", 1).rollback();
            writer.append("acme", 2).commit();
        }

        assertThat(seenAfter(0)).containsExactly(4L, 6L, 7L);
        assertThat(seenAfter(5)).containsExactly(6L, 7L);
        assertThat(seenAfter(7)).isEmpty();
    }

    /** What a reader has fetched says nothing of commits that came after, however soon another knows that they did. */
    @Test
    void a_gap_that_is_settled_for_a_newer_reader_is_not_for_an_older_one() throws SQLException {
        AtomicReference<Runnable> onceFetched = new AtomicReference<>(() -> {});
        DataSource delayed = proxy(
                DataSource.class,
                database,
                "getConnection",
                (Connection connection) -> proxy(
                        Connection.class,
                        connection,
                        "prepareStatement",
                        (PreparedStatement statement) ->
                                proxy(PreparedStatement.class, statement, "executeQuery", rows -> {
                                    onceFetched.getAndSet(() -> {}).run();
                                    return rows;
                                })));
        SettledEvents shared = new SettledEvents(new JdbcTransactions(delayed), new RecentEvents());
        try (Writer failing = new Writer();
                Writer slow = new Writer();
                Writer quick = new Writer();
                ExecutorService newer = Executors.newSingleThreadExecutor()) {
            failing.append("failing", 1);
            slow.append("slow", 1);
            quick.append("quick", 1).commit();
            assertThat(shared.after(0, 10)).isEmpty();
            failing.rollback();

            onceFetched.set(() -> {
                commit(slow);
                assertThat(newer.submit(() -> shared.after(0, 10)))
                        .succeedsWithin(1, TimeUnit.MINUTES)
                        .asInstanceOf(InstanceOfAssertFactories.list(RecordedEvent.class))
                        .hasSize(2);
            });

            assertThat(shared.after(0, 10)).extracting(RecordedEvent::position).containsExactly(2L, 3L);
        }
    }

    private static void commit(Writer writer) {
        try {
            writer.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Afterwards<T> {
        Object of(T result) throws SQLException;
    }

    /** {@code target}, but that what a method of this name gives is passed through {@code afterwards}. */
    @SuppressWarnings("unchecked")
    private static <T, R> T proxy(Class<T> type, T target, String name, Afterwards<R> afterwards) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(target, arguments);
                        return method.getName().equals(name) ? afterwards.of((R) result) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    void whoever_begins_to_write_after_a_gap_was_seen_does_not_keep_it_open() throws SQLException {
        try (Writer failing = new Writer();
                Writer quick = new Writer();
                Writer later = new Writer()) {
            failing.append("failing", 1);
            quick.append("quick", 1).commit();
            assertThat(seenAfter(0)).isEmpty();

            later.append("later", 1);
            failing.rollback();
            assertThat(seenAfter(0)).containsExactly(2L);
            assertThat(seenAfter(2)).isEmpty();

            later.commit();
            assertThat(seenAfter(2)).containsExactly(3L);
        }
    }

    @Test
    void whoever_could_have_filled_a_gap_when_it_was_seen_is_waited_for() throws SQLException {
        try (Writer failed = new Writer();
                Writer slow = new Writer();
                Writer quick = new Writer()) {
            quick.append("quick", 1).commit();
            failed.append("failed", 1).rollback();
            quick.append("quick", 1).commit();
            slow.append("slow", 1);
            quick.append("quick", 1).commit();

            assertThat(seenAfter(0)).as("slow has 2 or 4, from the outside").containsExactly(1L);
            slow.rollback();
            assertThat(seenAfter(0)).containsExactly(1L, 3L, 5L);
        }
    }

    @Test
    void readers_at_different_places_do_not_mislead_each_other() throws SQLException {
        try (Writer slow = new Writer();
                Writer slower = new Writer();
                Writer quick = new Writer()) {
            slow.append("slow", 1);
            quick.append("quick", 1).commit();
            assertThat(seenAfter(0)).isEmpty();
            slower.append("slower", 1);
            quick.append("quick", 1).commit();
            assertThat(seenAfter(2)).isEmpty();

            slow.commit();
            assertThat(seenAfter(0)).startsWith(1L, 2L).doesNotContain(4L);
            assertThat(seenAfter(2)).isEmpty();

            slower.commit();
            assertThat(seenAfter(2)).containsExactly(3L, 4L);
            assertThat(seenAfter(0)).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void no_more_than_asked_for_is_returned_also_across_a_gap() throws SQLException {
        try (Writer writer = new Writer()) {
            writer.append("acme", 2).commit();
            writer.append("failing", 1).rollback();
            writer.append("acme", 3).commit();
        }

        assertThat(settled.after(0, 1)).extracting(RecordedEvent::position).containsExactly(1L);
        assertThat(settled.after(1, 2)).extracting(RecordedEvent::position).containsExactly(2L, 4L);
        assertThat(settled.after(2, 1)).extracting(RecordedEvent::position).containsExactly(4L);
    }

    @Test
    void transactions_that_do_not_write_events_hide_nothing() throws SQLException {
        try (Writer writer = new Writer();
                Connection reading = transaction();
                Connection snapshot = transaction();
                HikariDataSource elsewhere = TestDatabase.create();
                Writer writingElsewhere = new Writer(elsewhere)) {
            writer.append("failing", 1).rollback();
            writer.append("acme", 1).commit();
            execute(reading, "SELECT * FROM ledger.events");
            execute(snapshot, "INSERT INTO ledger.snapshots VALUES ('acme', 0, 1, 1, '{}')");
            writingElsewhere.append("acme", 1);

            assertThat(seenAfter(0)).containsExactly(2L);
        }
    }

    @Test
    void a_reader_never_keeps_a_writer_waiting() throws SQLException {
        try (Writer slow = new Writer();
                Writer quick = new Writer()) {
            slow.append("slow", 1);
            quick.append("quick", 1).commit();
            Transaction reading = transactions.startTransaction();
            assertThat(seenAfter(0)).isEmpty();

            // Were it to wait at all, this would fail at once.
            execute(quick.connection, "SET lock_timeout = '1ms'");
            quick.append("quick", 1).commit();
            slow.commit();

            assertThat(seenAfter(0)).containsExactly(1L, 2L, 3L);
            reading.commit();
        }
    }

    /** A cache of positions would let a session write with one that it took long ago. */
    @Test
    void positions_are_taken_one_by_one() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("""
                        SELECT seqcache FROM pg_sequence
                        WHERE seqrelid = pg_get_serial_sequence('ledger.events', 'position')::regclass
                        """)) {
            row.next();
            assertThat(row.getLong(1)).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void readers_see_exactly_what_was_committed_in_order_however_many_write_and_fail(long seed) throws Exception {
        List<Long> committed = Collections.synchronizedList(new ArrayList<>());
        SettledEvents shared = new SettledEvents(transactions, new RecentEvents());
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Random random = new Random(seed * 100 + i);
                String organization = "o" + i;
                writers.add(threads.submit(() -> write(organization, random, committed)));
            }
            List<Future<List<Long>>> readers = new ArrayList<>();
            for (SettledEvents events : List.of(shared, shared, new SettledEvents(transactions, new RecentEvents()))) {
                Random random = new Random(seed * 100 + 50 + readers.size());
                readers.add(threads.submit(() -> readUntilDone(events, random, writers, committed)));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            List<Long> expected = committed.stream().sorted().toList();
            assertThat(expected).as("seed %d", seed).hasSizeGreaterThan(100);
            for (Future<List<Long>> reader : readers) {
                assertThat(reader.get()).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    private Void write(String organization, Random random, List<Long> committed) throws Exception {
        try (Writer writer = new Writer()) {
            for (int i = 0; i < 40; i++) {
                writer.append(organization, 1 + random.nextInt(4));
                if (random.nextInt(3) == 0) {
                    Thread.sleep(random.nextInt(4));
                }
                if (random.nextInt(10) < 3) {
                    writer.rollback();
                } else {
                    writer.commit();
                    committed.addAll(writer.written);
                }
            }
        }
        return null;
    }

    private static List<Long> readUntilDone(
            SettledEvents events, Random random, List<Future<?>> writers, List<Long> committed) {
        List<Long> seen = new ArrayList<>();
        long position = 0;
        while (true) {
            boolean done = writers.stream().allMatch(Future::isDone);
            List<RecordedEvent> next = events.after(position, 1 + random.nextInt(30));
            next.forEach(event -> seen.add(event.position()));
            position = next.isEmpty() ? position : next.getLast().position();
            // Nothing new does not mean that nothing is left: another reader's wait may have ended first.
            if (done
                    && next.isEmpty()
                    && position
                            >= committed.stream()
                                    .mapToLong(Long::longValue)
                                    .max()
                                    .orElse(0)) {
                return seen;
            }
        }
    }

    private List<Long> seenAfter(long position) {
        return settled.after(position, 100).stream()
                .map(RecordedEvent::position)
                .toList();
    }

    private Connection transaction() throws SQLException {
        Connection connection = database.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Somebody who writes events in transactions of its own. */
    private final class Writer implements AutoCloseable {
        private final Connection connection;
        private final List<Long> written = new ArrayList<>();

        Writer() throws SQLException {
            this(database);
        }

        Writer(DataSource other) throws SQLException {
            connection = other.getConnection();
            connection.setAutoCommit(false);
        }

        Writer append(String organization, int events) throws SQLException {
            OrganizationId organizationId = new OrganizationId(organization);
            long next = nextSequence(organization);
            List<NewEvent> rows = new ArrayList<>();
            for (int i = 0; i < events; i++) {
                rows.add(NewEvent.of(organizationId, next + i, new MemberAdded(NOW, new UserId("u" + i)), Map.of()));
            }
            written.clear();
            EventTable.append(connection, new HashChain(1).link(connection, rows))
                    .forEach(event -> written.add(event.position()));
            return this;
        }

        private long nextSequence(String organization) throws SQLException {
            try (Statement query = connection.createStatement();
                    ResultSet row = query.executeQuery(
                            "SELECT count(*) FROM ledger.events WHERE organization_id = '" + organization + "'")) {
                row.next();
                return row.getLong(1);
            }
        }

        void commit() throws SQLException {
            connection.commit();
        }

        void rollback() throws SQLException {
            connection.rollback();
        }

        @Override
        public void close() throws SQLException {
            try (connection) {
                connection.rollback();
            }
        }
    }
}
