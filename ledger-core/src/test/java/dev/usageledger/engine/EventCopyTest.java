package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventCopyTest {
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final List<OrganizationEvent> HISTORY =
            RandomHistory.of(12, ACME, 3_000).events();

    private final HikariDataSource database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void events_come_as_they_were_stored() throws SQLException {
        store(HISTORY.size());
        try (Connection connection = database.getConnection()) {
            List<OrganizationEvent> read = new ArrayList<>();
            EventCopy.read(connection, ACME, 9, 1_499, event -> read.add(event.event()));

            assertThat(read).isEqualTo(HISTORY.subList(10, 1_500));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "20, 0", "20, 10", "20, 19", "2500, 0", "2500, 1", "2500, 2499"})
    void a_connection_on_which_reading_was_given_up_answers_what_it_is_asked_next(int stored, int last)
            throws SQLException {
        store(stored);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            for (int time = 0; time < 3; time++) {
                assertThatThrownBy(() -> EventCopy.read(connection, ACME, -1, stored, event -> {
                            if (event.sequence() == last) {
                                throw new IllegalArgumentException("enough");
                            }
                        }))
                        .hasMessage("enough");
                connection.rollback();

                assertThat(number(connection, "SELECT 42")).isEqualTo(42);
                assertThat(number(connection, "SELECT count(*) FROM ledger.events"))
                        .isEqualTo(stored);
                connection.commit();
            }
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void store(int count) {
        List<NewEvent> events = IntStream.range(0, count)
                .mapToObj(i -> NewEvent.of(ACME, i, HISTORY.get(i), Map.of()))
                .toList();
        new JdbcTransactions(database)
                .run(connection -> EventTable.append(connection, new HashChain(1).link(connection, events)));
    }
}
