package dev.usageledger.engine;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** With a ledger over the random history of one organization, which is stored as it is: no command is sent. */
abstract class StoredHistoryTest {
    static final OrganizationId ACME = new OrganizationId("acme");

    final HikariDataSource database = TestDatabase.create();
    final JdbcTransactions transactions = new JdbcTransactions(database);
    final Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD);

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    final List<OrganizationEvent> stored(long seed, int commands) {
        return stored(RandomHistory.of(seed, ACME, commands));
    }

    final List<OrganizationEvent> stored(RandomHistory history) {
        List<OrganizationEvent> events = history.events();
        List<NewEvent> rows = IntStream.range(0, events.size())
                .mapToObj(i -> NewEvent.of(ACME, i, events.get(i), Map.of()))
                .toList();
        transactions.run(connection -> EventTable.append(connection, new HashChain(1).link(connection, rows)));
        return events;
    }
}
