package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.OrganizationEvent.MemberAdded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import dev.usageledger.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The timeout only ends a test that hangs; nothing here depends on how long anything takes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LedgerEventStoreTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);
    private final LedgerEventStore eventStore = new LedgerEventStore(new PostgresEventStorageEngine(transactions, 100));

    @AfterEach
    void close() {
        eventStore.shutDown();
        database.close();
    }

    @Test
    void a_stream_that_has_come_to_the_end_goes_on_when_another_node_writes() throws InterruptedException {
        try (TrackingEventStream stream = eventStore.openStream(null)) {
            assertThat(stream.hasNextAvailable(0, TimeUnit.SECONDS)).isFalse();

            append(0, 3);
            assertThat(positions(stream, 3)).containsExactly(1L, 2L, 3L);
            assertThat(stream.peek()).isEmpty();

            append(3, 2);
            assertThat(positions(stream, 2)).containsExactly(4L, 5L);
        }
    }

    @Test
    void a_stream_that_is_opened_at_a_token_starts_after_it_and_peeking_takes_nothing() throws InterruptedException {
        append(0, 5);
        try (TrackingEventStream stream = eventStore.openStream(new GlobalSequenceTrackingToken(3))) {
            assertThat(stream.peek().orElseThrow().trackingToken()).isEqualTo(new GlobalSequenceTrackingToken(4));
            assertThat(positions(stream, 2)).containsExactly(4L, 5L);
        }
    }

    @Test
    void a_reader_that_fails_when_it_is_woken_does_not_leave_the_others_asleep() throws InterruptedException {
        try (TrackingEventStream failing = eventStore.openStream(null);
                TrackingEventStream stream = eventStore.openStream(null)) {
            failing.setOnAvailableCallback(() -> {
                throw new IllegalStateException("this reader has been shut down");
            });
            assertThat(stream.hasNextAvailable(0, TimeUnit.SECONDS)).isFalse();

            append(0, 1);

            assertThat(stream.hasNextAvailable(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_stream_goes_on_where_it_was_after_the_database_failed_it() throws InterruptedException {
        append(0, 2_500);
        try (TrackingEventStream stream = eventStore.openStream(null)) {
            List<Long> seen = new ArrayList<>(positions(stream, 900));

            // Its next fetch fails in the middle of what it is streaming.
            transactions.run(connection -> connection.createStatement().execute("ALTER SCHEMA ledger RENAME TO away"));
            assertThat(fails(stream, seen)).isTrue();
            transactions.run(connection -> connection.createStatement().execute("ALTER SCHEMA away RENAME TO ledger"));

            seen.addAll(positions(stream, 2_500 - seen.size()));
            assertThat(seen).isSorted().doesNotHaveDuplicates().hasSize(2_500);
        }
    }

    private static boolean fails(TrackingEventStream stream, List<Long> seen) throws InterruptedException {
        try {
            while (seen.size() < 2_500) {
                seen.add(stream.nextAvailable().trackingToken().position().orElseThrow());
            }
            return false;
        } catch (DatabaseException e) {
            return true;
        }
    }

    private static List<Long> positions(TrackingEventStream stream, int events) throws InterruptedException {
        List<Long> positions = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            TrackedEventMessage<?> next = stream.nextAvailable();
            positions.add(next.trackingToken().position().orElseThrow());
        }
        return positions;
    }

    private void append(int firstSequence, int events) {
        List<NewEvent> rows = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            rows.add(NewEvent.of(
                    new OrganizationId("acme"),
                    firstSequence + i,
                    new MemberAdded(NOW, new UserId("u" + i)),
                    Map.of()));
        }
        transactions.run(connection -> EventTable.append(connection, new HashChain(1).link(connection, rows)));
    }
}
