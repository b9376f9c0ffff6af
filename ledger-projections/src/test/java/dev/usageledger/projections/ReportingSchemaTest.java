package dev.usageledger.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a dashboard finds: tables that explain themselves, behind a role that can read them and nothing else. */
class ReportingSchemaTest {
    private final HikariDataSource database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void every_table_and_every_column_says_what_it_is() {
        assertThat(list("""
                SELECT format('%s.%s', relname, attname)
                FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
                WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'r' AND attnum >= 0 AND NOT attisdropped
                    AND coalesce(col_description(pg_class.oid, attnum), '') = ''
                UNION ALL
                SELECT relname FROM pg_class
                WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'r'
                    AND coalesce(obj_description(oid, 'pg_class'), '') = ''
                """)).isEmpty();
    }

    @Test
    void the_read_only_role_reads_every_reporting_table() throws SQLException {
        List<String> tables = list("SELECT tablename FROM pg_tables WHERE schemaname = 'reporting'");
        assertThat(tables)
                .containsExactlyInAnyOrder(
                        "token",
                        "organization_usage",
                        "transcriptions",
                        "billing_periods",
                        "overage_packs",
                        "reservations",
                        "members");
        for (String table : tables) {
            asReader("SELECT * FROM reporting." + table);
        }
    }

    @Test
    void the_read_only_role_reads_a_table_that_takes_the_place_of_another() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE reporting.rebuilt (LIKE reporting.members INCLUDING ALL)");
        }
        asReader("SELECT * FROM reporting.rebuilt");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM ledger.events",
                "SELECT * FROM ledger.snapshots",
                "SELECT * FROM public.flyway_schema_history",
                "INSERT INTO reporting.members VALUES ('acme', 'ann', 1, now())",
                "UPDATE reporting.organization_usage SET used_minutes = 0",
                "DELETE FROM reporting.transcriptions",
                "TRUNCATE reporting.token",
                "CREATE TABLE reporting.mine (id int)",
                "CREATE TABLE public.mine (id int)",
                "CREATE SCHEMA mine",
                "SET ROLE postgres"
            })
    void the_read_only_role_can_do_nothing_else(String sql) {
        assertThatThrownBy(() -> asReader(sql))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
    }

    private void asReader(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.getJdbcUrl(), "ledger_readonly", "ledger-test");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> list(String sql) {
        return JdbcClient.create(database).sql(sql).query(String.class).list();
    }
}
