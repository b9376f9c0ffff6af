package dev.usageledger.api.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import dev.usageledger.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The timeout only ends a test that hangs. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabasePoolTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private final DatabasePool pool = new DatabasePool();
    private final AtomicInteger waitedInVain = new AtomicInteger();

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void everybody_waits_for_a_database_that_is_away_while_the_service_runs() throws IOException {
        nobodyAnswers();

        assertAway();
        assertAway();
        assertThat(waitedInVain).hasValue(2);
    }

    @Test
    void nobody_waits_for_a_database_that_is_away_once_the_service_stops() throws IOException {
        nobodyAnswers();

        assertAway();
        pool.stopWithin(NEVER);
        assertAway();
        assertAway();
        assertThat(waitedInVain).hasValue(1);
    }

    @Test
    void one_finds_out_for_all_when_the_database_goes_away_as_the_service_stops() throws IOException {
        nobodyAnswers();

        pool.stopWithin(NEVER);
        assertAway();
        assertAway();
        assertThat(waitedInVain).hasValue(1);
    }

    @Test
    void a_database_that_is_there_is_used_until_the_end() throws SQLException {
        answers();

        pool.stopWithin(NEVER);
        execute("SELECT 1");
        execute("SELECT 1");
    }

    @Test
    void what_hangs_is_cut_off() {
        answers();

        pool.stopWithin(Duration.ofMillis(200));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> execute("SELECT pg_sleep(3600)"))
                .satisfies(cut -> assertThat(cut.getSQLState()).startsWith("08"));
        assertAway();
    }

    private void nobodyAnswers() throws IOException {
        pool.setJdbcUrl("jdbc:postgresql://localhost:%d/nothing".formatted(closedPort()));
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionTimeout(250);
        pool.setMetricsTrackerFactory((name, stats) -> new IMetricsTracker() {
            @Override
            public void recordConnectionTimeout() {
                waitedInVain.incrementAndGet();
            }
        });
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void answers() {
        try (HikariDataSource database = TestDatabase.create()) {
            pool.setJdbcUrl(database.getJdbcUrl());
            pool.setUsername(database.getUsername());
            pool.setPassword(database.getPassword());
        }
    }

    private void assertAway() {
        assertThatExceptionOfType(SQLTransientConnectionException.class).isThrownBy(pool::getConnection);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
