package dev.usageledger.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class TestDatabaseTest {
    @Test
    void databases_do_not_see_each_other() throws SQLException {
        try (var one = TestDatabase.create();
                var other = TestDatabase.create()) {
            execute(one, "CREATE TABLE only_here (id int)");

            assertThat(query(one, "SELECT to_regclass('only_here')::text")).isEqualTo("only_here");
            assertThat(query(other, "SELECT to_regclass('only_here')::text")).isNull();
        }
    }

    @Test
    void tests_run_without_superuser_rights() throws SQLException {
        try (var database = TestDatabase.create()) {
            assertThat(query(database, "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user"))
                    .isEqualTo("false");
        }
    }

    @Test
    void migrations_have_run() throws SQLException {
        try (var database = TestDatabase.create()) {
            assertThat(query(database, "SELECT to_regclass('flyway_schema_history')::text"))
                    .isEqualTo("flyway_schema_history");
        }
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
