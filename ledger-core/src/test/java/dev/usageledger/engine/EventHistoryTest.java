package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class EventHistoryTest {
    private static final List<String> ORGANIZATIONS = List.of("acme", "acme-2", "acme.x", "globex", "Zeta", "0");
    private static final int COMMANDS = 40;
    private static final int EVENTS_PER_PAGE = 7;

    private final long seed = Long.getLong("ledger.seed", System.nanoTime());
    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);
    private final Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD);

    EventHistoryTest() {
        for (String organization : ORGANIZATIONS) {
            RandomHistory.of(seed, new OrganizationId(organization), COMMANDS)
                    .steps()
                    .forEach(step -> ledger.send(step.command(), new Origin("test", "request", null))
                            .join());
        }
    }

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    @Test
    void what_is_read_is_what_is_stored() {
        List<StoredEvent> stored =
                transactions.call(connection -> EventTable.after(connection, 0, Integer.MAX_VALUE)).stream()
                        .map(RecordedEvent::stored)
                        .toList();

        assertThat(read(OrganizationRange.ALL, ledger.head()))
                .as("seed %d", seed)
                .isEqualTo(stored);
        long middle = stored.get(stored.size() / 2).position();
        assertThat(read(OrganizationRange.ALL, middle).getLast().position()).isEqualTo(middle);
    }

    @Test
    void an_organization_is_read_page_by_page() {
        OrganizationId acme = new OrganizationId("acme");
        List<StoredEvent> stored = read(OrganizationRange.of(acme), ledger.head());

        List<StoredEvent> pages = new ArrayList<>();
        List<StoredEvent> page = next(acme, -1);
        while (!page.isEmpty()) {
            assertThat(page).hasSize(Math.min(EVENTS_PER_PAGE, stored.size() - pages.size()));
            pages.addAll(page);
            page = next(acme, page.getLast().sequence());
        }

        assertThat(pages).as("seed %d", seed).isEqualTo(stored);
    }

    @Test
    void a_range_knows_its_organizations() {
        assertThat(organizations(OrganizationRange.ALL))
                .containsExactly("0", "Zeta", "acme", "acme-2", "acme.x", "globex");
        assertThat(organizations(OrganizationRange.of(new OrganizationId("acme"))))
                .containsExactly("acme");
        assertThat(organizations(new OrganizationRange("acme-2", "globex"))).containsExactly("acme-2", "acme.x");
        assertThat(organizations(new OrganizationRange("h", null))).isEmpty();
    }

    @Test
    void ranges_divide_all_organizations_without_a_gap() {
        for (int atLeast = 1; atLeast < 9; atLeast++) {
            int wanted = atLeast;
            List<OrganizationRange> ranges =
                    transactions.call(connection -> EventHistory.ranges(connection, wanted, 4));

            assertThat(ranges).hasSize(Math.min(Math.max(wanted, 2), ORGANIZATIONS.size()));
            assertThat(ranges.getFirst().from()).isNull();
            assertThat(ranges.getLast().before()).isNull();
            for (int i = 1; i < ranges.size(); i++) {
                assertThat(ranges.get(i).from())
                        .isNotNull()
                        .isEqualTo(ranges.get(i - 1).before());
            }
            for (String organization : ORGANIZATIONS) {
                assertThat(ranges.stream().filter(range -> range.contains(organization)))
                        .hasSize(1);
            }
        }
    }

    @Test
    void a_range_of_one_organization_has_no_other() {
        OrganizationRange acme = OrganizationRange.of(new OrganizationId("acme"));

        assertThat(acme.contains("acme")).isTrue();
        assertThat(acme.contains("acme-2")).isFalse();
        assertThat(read(acme, ledger.head()))
                .isNotEmpty()
                .allMatch(event -> event.organizationId().value().equals("acme"));
    }

    @Test
    void one_range_after_the_other_comes_to_an_end() {
        List<OrganizationRange> round = new ArrayList<>();
        String from = null;
        do {
            String start = from;
            OrganizationRange next = transactions.call(connection -> EventHistory.range(connection, start, 4));
            round.add(next);
            from = next.before();
        } while (from != null);

        assertThat(round).hasSize(2);
        assertThat(round.getLast().contains("globex")).isTrue();
    }

    @Test
    void a_position_is_settled_once_whoever_writes_below_it_is_done() throws Exception {
        CompletableFuture<Integer> reader = new CompletableFuture<>();
        try (Connection writer = database.getConnection()) {
            writer.setAutoCommit(false);
            long below = open("initech", writer);
            open("umbrella");
            long head = ledger.head();
            assertThat(head).isGreaterThan(below);

            CompletableFuture<Long> settled = CompletableFuture.supplyAsync(() -> transactions.once(connection -> {
                reader.complete(process(connection));
                return EventHistory.settled(connection);
            }));
            // A new statement of the reader is a new look at who is writing.
            Set<String> statements = new HashSet<>();
            while (statements.size() < 5) {
                assertThat(settled).isNotDone();
                statements.add(lastStatement(reader.join()));
            }

            writer.commit();
            assertThat(settled.get()).isGreaterThanOrEqualTo(head);
            assertThat(read(OrganizationRange.ALL, settled.get()))
                    .extracting(StoredEvent::position)
                    .contains(below);
        }
    }

    private void open(String organization) {
        transactions.call(connection -> open(organization, connection));
    }

    /** @return the position of the opening */
    private long open(String organization, Connection connection) throws SQLException {
        OrganizationId id = new OrganizationId(organization);
        List<NewEvent> opening = List.of(
                NewEvent.of(id, 0, RandomHistory.of(seed, id, 1).events().getFirst(), Map.of()));
        return EventTable.append(connection, new HashChain(1).link(connection, opening))
                .getFirst()
                .position();
    }

    private static int process(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    private String lastStatement(int process) {
        return transactions.call(connection -> {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT query_start::text FROM pg_stat_activity WHERE pid = ?")) {
                query.setInt(1, process);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return row.getString(1);
                }
            }
        });
    }

    private List<String> organizations(OrganizationRange range) {
        return transactions.call(connection -> EventHistory.organizations(connection, range)).stream()
                .map(OrganizationId::value)
                .toList();
    }

    private List<StoredEvent> next(OrganizationId organization, long sequence) {
        return transactions.call(connection -> EventHistory.next(connection, organization, sequence, EVENTS_PER_PAGE));
    }

    private List<StoredEvent> read(OrganizationRange range, long position) {
        return transactions.call(connection -> {
            List<StoredEvent> events = new ArrayList<>();
            EventHistory.read(connection, range, position, events::add);
            return events;
        });
    }
}
