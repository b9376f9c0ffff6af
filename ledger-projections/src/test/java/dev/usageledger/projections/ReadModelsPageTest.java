package dev.usageledger.projections;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ReadModelsPageTest {
    private final HikariDataSource database = TestDatabase.create();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void every_query_of_the_page_works_for_the_read_only_role() throws SQLException {
        List<String> queries = ReadModelsPage.queries();
        assertThat(queries).hasSizeGreaterThan(10);
        try (Connection connection =
                        DriverManager.getConnection(database.getJdbcUrl(), "ledger_readonly", "ledger-test");
                Statement statement = connection.createStatement()) {
            for (String query : queries) {
                assertThat(statement.execute(query)).as(query).isTrue();
            }
        }
    }

    @Test
    void the_page_describes_every_column_as_the_database_does() {
        List<String> columns =
                JdbcClient.create(database).sql("""
                        SELECT format('| `%s` | %s%s | %s |', attname,
                            replace(replace(format_type(atttypid, atttypmod),
                                'timestamp with time zone', 'timestamptz'), 'timestamp without time zone', 'timestamp'),
                            CASE WHEN attnotnull THEN '' ELSE ', nullable' END, col_description(attrelid, attnum))
                        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                        WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'r'
                            AND attnum > 0 AND NOT attisdropped
                        ORDER BY attrelid, attnum
                        """).query(String.class).list();
        List<String> tables =
                JdbcClient.create(database).sql("""
                        SELECT format(E'### `reporting.%s`\n\n%s\n', relname, obj_description(oid, 'pg_class'))
                        FROM pg_class WHERE relnamespace = 'reporting'::regnamespace AND relkind = 'r'
                        """).query(String.class).list();

        assertThat(ReadModelsPage.text().lines()).containsAll(columns);
        assertThat(ReadModelsPage.text()).contains(tables);
    }
}
