package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventPagesTest {
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final OrganizationId NEIGHBOUR = new OrganizationId("acme-2");
    private static final int PAGE = 10;

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);
    private final EventPages pages = new EventPages(transactions, PAGE);
    private final List<RecordedEvent> stored = new ArrayList<>();

    @BeforeEach
    void two_organizations_have_a_history() {
        database.setMaximumPoolSize(1);
        store(NEIGHBOUR);
        stored.addAll(store(ACME));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE, 57})
    void a_part_of_a_history_is_read_whatever_the_pages(int length) {
        for (int after : new int[] {-1, 0, 4}) {
            assertThat(read(after, after + length)).isEqualTo(stored(after, after + length));
        }
    }

    @Test
    void what_is_behind_the_last_event_is_nothing() {
        int last = stored.size() - 1;

        assertThat(read(-1, Long.MAX_VALUE)).isEqualTo(stored(-1, last)).hasSizeGreaterThan(5 * PAGE);
        assertThat(read(last - PAGE, last + PAGE)).isEqualTo(stored(last - PAGE, last));
        assertThat(read(last, Long.MAX_VALUE)).isEmpty();
        assertThat(read(last + 5, last + 10)).isEmpty();
        assertThat(read(5, 2)).isEmpty();
    }

    @Test
    void the_only_connection_is_free_while_events_are_handed_over() {
        List<Long> heads = new ArrayList<>();

        pages.read(ACME, -1, 3 * PAGE, event -> heads.add(transactions.once(EventTable::head)));

        assertThat(heads).hasSize(3 * PAGE + 1).containsOnly(stored.getLast().position());
    }

    private List<StoredEvent> read(long after, long last) {
        List<StoredEvent> events = new ArrayList<>();
        pages.read(ACME, after, last, events::add);
        return events;
    }

    private List<StoredEvent> stored(int after, int last) {
        return stored.subList(after + 1, last + 1).stream()
                .map(RecordedEvent::stored)
                .toList();
    }

    private List<RecordedEvent> store(OrganizationId organizationId) {
        List<OrganizationEvent> events =
                RandomHistory.of(5, organizationId, 200).events();
        List<NewEvent> rows = IntStream.range(0, events.size())
                .mapToObj(i -> NewEvent.of(organizationId, i, events.get(i), Map.of()))
                .toList();
        return transactions.call(connection -> EventTable.append(connection, new HashChain(1).link(connection, rows)));
    }
}
