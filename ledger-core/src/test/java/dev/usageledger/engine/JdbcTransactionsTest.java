package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.axonframework.common.transaction.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class JdbcTransactionsTest {
    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);

    @BeforeEach
    void create_a_table() {
        transactions.run(connection -> execute(connection, "CREATE TABLE noted (word text PRIMARY KEY)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_transaction_that_waits_for_its_turn_holds_no_connection() {
        Transaction transaction = transactions.startTransaction();
        assertThat(connectionsInUse()).isZero();

        note("first");
        assertThat(connectionsInUse()).isOne();

        transaction.commit();
        assertThat(connectionsInUse()).isZero();
        assertThat(noted("first")).isTrue();
    }

    @Test
    void what_runs_within_a_transaction_joins_it_and_only_the_outermost_commits() {
        Transaction outer = transactions.startTransaction();
        note("first");
        Transaction inner = transactions.startTransaction();
        note("second");
        inner.commit();

        assertThat(noted("second")).isTrue();
        assertThat(onAnotherThread(() -> noted("second"))).isFalse();

        outer.rollback();
        assertThat(noted("first")).isFalse();
        assertThat(noted("second")).isFalse();
    }

    @Test
    void a_transaction_belongs_to_its_thread() {
        Transaction transaction = transactions.startTransaction();
        note("mine");

        onAnotherThread(() -> {
            note("theirs");
            return true;
        });
        transaction.rollback();

        assertThat(noted("mine")).isFalse();
        assertThat(noted("theirs")).isTrue();
    }

    @Test
    void a_statement_that_fails_undoes_its_transaction_and_gives_the_connection_back() {
        note("taken");

        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(DatabaseException.class)
                    .isThrownBy(() -> transactions.run(connection -> {
                        execute(connection, "INSERT INTO noted VALUES ('lost')");
                        execute(connection, "INSERT INTO noted VALUES ('taken')");
                    }))
                    .matches(DatabaseException::isConflict);
        }

        assertThat(connectionsInUse()).isZero();
        assertThat(noted("lost")).isFalse();
    }

    @Test
    void work_that_fails_for_its_own_reasons_undoes_its_transaction_too() {
        assertThatIllegalStateException()
                .isThrownBy(() -> transactions.run(connection -> {
                    execute(connection, "INSERT INTO noted VALUES ('lost')");
                    throw new IllegalStateException("of the work");
                }))
                .withMessage("of the work");

        assertThat(connectionsInUse()).isZero();
        assertThat(noted("lost")).isFalse();
    }

    @Test
    void a_failure_that_is_swallowed_on_the_way_cannot_pass_for_a_commit() {
        note("taken");

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> transactions.run(connection -> {
                    execute(connection, "INSERT INTO noted VALUES ('lost')");
                    try {
                        note("taken");
                    } catch (DatabaseException swallowed) {
                        // PostgreSQL answers the commit that follows with a rollback.
                    }
                }));

        assertThat(noted("lost")).isFalse();
        assertThat(connectionsInUse()).isZero();
    }

    @Test
    void a_commit_that_the_database_refuses_is_a_failure_and_gives_the_connection_back() {
        transactions.run(connection -> execute(
                connection, "CREATE TABLE referring (word text REFERENCES noted DEFERRABLE INITIALLY DEFERRED)"));

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> transactions.run(
                        connection -> execute(connection, "INSERT INTO referring VALUES ('unknown')")));

        assertThat(connectionsInUse()).isZero();
    }

    /** As the turn of a node does that has come to a halt. */
    @Test
    void a_transaction_that_is_ended_for_doing_nothing_means_that_the_ledger_is_unavailable() {
        assertThatExceptionOfType(LedgerUnavailableException.class)
                .isThrownBy(() -> transactions.run(connection -> {
                    execute(connection, "SET LOCAL idle_in_transaction_session_timeout = '1ms'");
                    awaitEndOf(connection);
                    execute(connection, "INSERT INTO noted VALUES ('lost')");
                }));

        assertThat(noted("lost")).isFalse();
    }

    @Test
    void a_broken_connection_means_that_the_ledger_is_unavailable_and_the_next_one_works() {
        assertThatExceptionOfType(LedgerUnavailableException.class)
                .isThrownBy(() -> transactions.run(connection -> {
                    execute(connection, "INSERT INTO noted VALUES ('lost')");
                    terminate(connection);
                    execute(connection, "INSERT INTO noted VALUES ('never')");
                }));

        assertThat(connectionsInUse()).isZero();
        assertThat(noted("lost")).isFalse();
    }

    @Test
    void a_connection_that_breaks_before_its_commit_means_that_the_ledger_is_unavailable() {
        assertThatExceptionOfType(LedgerUnavailableException.class)
                .isThrownBy(() -> transactions.run(connection -> {
                    execute(connection, "INSERT INTO noted VALUES ('lost')");
                    terminate(connection);
                }));

        assertThat(connectionsInUse()).isZero();
        assertThat(noted("lost")).isFalse();
    }

    @Test
    void what_went_wrong_is_told_and_not_that_it_could_not_be_rolled_back_either() {
        assertThatIllegalStateException()
                .isThrownBy(() -> transactions.run(connection -> {
                    terminate(connection);
                    throw new IllegalStateException("of the work");
                }))
                .withMessage("of the work");

        assertThat(connectionsInUse()).isZero();
    }

    @Test
    void no_connection_to_be_had_means_that_the_ledger_is_unavailable() throws Exception {
        try (HikariDataSource scarce = new HikariDataSource()) {
            database.copyStateTo(scarce);
            scarce.setMaximumPoolSize(1);
            scarce.setConnectionTimeout(250);
            JdbcTransactions waiting = new JdbcTransactions(scarce);

            try (Connection taken = scarce.getConnection()) {
                assertThatExceptionOfType(LedgerUnavailableException.class)
                        .isThrownBy(() -> waiting.run(connection -> execute(connection, "SELECT 1")));
            }

            waiting.run(connection -> execute(connection, "SELECT 1"));
        }
    }

    private int connectionsInUse() {
        return database.getHikariPoolMXBean().getActiveConnections();
    }

    private void note(String word) {
        transactions.run(connection -> execute(connection, "INSERT INTO noted VALUES ('" + word + "')"));
    }

    private boolean noted(String word) {
        return transactions.call(connection -> {
            try (Statement query = connection.createStatement();
                    ResultSet row = query.executeQuery("SELECT count(*) FROM noted WHERE word = '" + word + "'")) {
                row.next();
                return row.getLong(1) == 1;
            }
        });
    }

    /** The server ends the session of {@code connection}, which learns of it when it is used next. */
    private void terminate(Connection connection) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            int session = row.getInt(1);
            onAnotherThread(() -> {
                transactions.run(other -> execute(other, "SELECT pg_terminate_backend(%d, 5000)".formatted(session)));
                return true;
            });
        }
    }

    private void awaitEndOf(Connection connection) throws SQLException {
        int session = connection.unwrap(PGConnection.class).getBackendPID();
        while (onAnotherThread(() -> transactions.call(other -> isThere(other, session)))) {
            Thread.onSpinWait();
        }
    }

    private static boolean isThere(Connection connection, int session) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("SELECT FROM pg_stat_activity WHERE pid = " + session)) {
            return row.next();
        }
    }

    private static <T> T onAnotherThread(java.util.function.Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, Thread::startVirtualThread).join();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
