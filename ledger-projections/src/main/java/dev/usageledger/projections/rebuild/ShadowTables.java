package dev.usageledger.projections.rebuild;

import dev.usageledger.projections.processing.Projector;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Tables made like the live ones, in a schema beside theirs, whose place they can take. What they look like is read from
 * the catalog, so names of indexes and constraints, comments, storage and grants are afterwards what they were before.
 */
final class ShadowTables {
    static final String SCHEMA = "reporting_rebuild";

    private static final String TOKEN = "token";

    private final List<String> tables;

    ShadowTables(Collection<String> tables) {
        this.tables = List.copyOf(tables);
    }

    List<String> names() {
        return tables;
    }

    /** Makes empty tables, and removes what an earlier attempt has left. */
    void create(Connection connection) throws SQLException {
        drop(connection);
        execute(connection, "CREATE SCHEMA " + SCHEMA);
        List<String> all = new ArrayList<>(tables);
        all.add(TOKEN);
        runEach(connection, all, """
                SELECT format('CREATE TABLE %2$I.%3$I (LIKE %1$I.%3$I INCLUDING ALL EXCLUDING INDEXES)',
                           live, shadow, relname), 1 AS place
                FROM present
                UNION ALL
                SELECT format('ALTER TABLE %I.%I SET (%s)', shadow, relname, array_to_string(reloptions, ', ')), 2
                FROM present WHERE reloptions IS NOT NULL
                UNION ALL
                SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', shadow, present.relname, conname,
                           pg_get_constraintdef(pg_constraint.oid)), 3
                FROM present JOIN pg_constraint ON conrelid = present.oid
                WHERE contype IN ('p', 'u', 'x')
                """);
    }

    /** Adds what is better made once the rows are there, or matters only in the place of the live ones. */
    void complete(Connection connection) throws SQLException {
        runEach(connection, tables, """
                SELECT regexp_replace(pg_get_indexdef(indexrelid), format(' ON %I\\.', live), format(' ON %I.', shadow)),
                       1 AS place
                FROM present JOIN pg_index ON indrelid = present.oid
                WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = present.oid)
                UNION ALL
                SELECT format('COMMENT ON TABLE %I.%I IS %L', shadow, relname, obj_description(oid, 'pg_class')), 2
                FROM present WHERE obj_description(oid, 'pg_class') IS NOT NULL
                UNION ALL
                SELECT format('COMMENT ON INDEX %I.%I IS %L', shadow, index.relname,
                           obj_description(indexrelid, 'pg_class')), 3
                FROM present JOIN pg_index ON indrelid = present.oid JOIN pg_class AS index ON index.oid = indexrelid
                WHERE obj_description(indexrelid, 'pg_class') IS NOT NULL
                UNION ALL
                SELECT format('GRANT %s ON %I.%I TO %s%s', privilege_type, shadow, relname,
                           CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                           CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END), 4
                FROM present CROSS JOIN aclexplode(relacl) WHERE grantee <> relowner
                UNION ALL
                SELECT format('GRANT %s (%I) ON %I.%I TO %s%s', privilege_type, attname, shadow, relname,
                           CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                           CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END), 5
                FROM present JOIN pg_attribute ON attrelid = present.oid CROSS JOIN aclexplode(attacl)
                UNION ALL
                SELECT format('ANALYZE %I.%I', shadow, relname), 6 FROM present
                """);
    }

    /**
     * Takes the place of the live tables, in the caller's transaction. Readers of those are waited for, and until the
     * transaction ends new ones wait.
     */
    void swap(Connection connection, Collection<String> chosen) throws SQLException {
        for (String table : chosen) {
            execute(connection, "LOCK TABLE %s.%s IN ACCESS EXCLUSIVE MODE".formatted(Projector.LIVE, table));
        }
        for (String table : chosen) {
            execute(connection, "DROP TABLE %s.%s".formatted(Projector.LIVE, table));
            execute(connection, "ALTER TABLE %s.%s SET SCHEMA %s".formatted(SCHEMA, table, Projector.LIVE));
        }
    }

    void drop(Connection connection) throws SQLException {
        execute(connection, "SET LOCAL client_min_messages = warning");
        execute(connection, "DROP SCHEMA IF EXISTS %s CASCADE".formatted(SCHEMA));
    }

    /** Runs the statements that a query over the live tables gives, in order of their places. */
    private static void runEach(Connection connection, Collection<String> tables, String statements)
            throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement("""
                WITH present AS (
                    SELECT oid, relname, relowner, relacl, reloptions, '%s' AS live, '%s' AS shadow FROM pg_class
                    WHERE relnamespace = '%s'::regnamespace AND relkind = 'r' AND relname = ANY (?)
                )
                SELECT statement FROM (%s) AS one (statement, place) ORDER BY place, statement
                """.formatted(Projector.LIVE, SCHEMA, Projector.LIVE, statements))) {
            query.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
        }
        for (String statement : found) {
            execute(connection, statement);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
