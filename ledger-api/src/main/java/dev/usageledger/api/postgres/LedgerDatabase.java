package dev.usageledger.api.postgres;

import dev.usageledger.api.DataDirectory;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The database and the roles inside the embedded server. The service's role owns its database and no more; dashboards
 * get a role that cannot write, and what it may read is granted where the tables are made.
 */
final class LedgerDatabase {
    static final String NAME = "ledger";
    // Not the name of the schema, which PostgreSQL would then search before all others for this role alone.
    static final String OWNER = "ledger_service";
    static final String READER = "ledger_readonly";
    static final String SUPERUSER = "postgres";

    private LedgerDatabase() {}

    /** Makes what is missing and ends what a killed service left under way, so that nothing of it commits later. */
    static void prepare(int port, DataDirectory directory) throws IOException, SQLException {
        try (Connection connection = connect(port, directory)) {
            createRole(connection, OWNER, directory.secret(OWNER));
            createRole(connection, READER, directory.secret(READER));
            createDatabase(connection);
            endSessionsOf(connection, OWNER);
        }
    }

    static Connection connect(int port, DataDirectory directory) throws IOException, SQLException {
        return DriverManager.getConnection(jdbcUrl(port, "postgres"), SUPERUSER, directory.secret(SUPERUSER));
    }

    static String jdbcUrl(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    private static void createRole(Connection connection, String role, String password) throws SQLException {
        if (exists(connection, "SELECT FROM pg_roles WHERE rolname = ?", role)) {
            return;
        }
        execute(connection, "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(role, password));
        if (role.equals(READER)) {
            execute(connection, "ALTER ROLE %s SET default_transaction_read_only = on".formatted(READER));
        }
    }

    private static void createDatabase(Connection connection) throws SQLException {
        if (exists(connection, "SELECT FROM pg_database WHERE datname = ?", NAME)) {
            return;
        }
        execute(connection, "CREATE DATABASE %s OWNER %s".formatted(NAME, OWNER));
        execute(connection, "REVOKE ALL ON DATABASE %s FROM PUBLIC".formatted(NAME));
        execute(connection, "GRANT CONNECT ON DATABASE %s TO %s".formatted(NAME, READER));
    }

    private static void endSessionsOf(Connection connection, String role) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = ?")) {
            statement.setString(1, role);
            statement.execute();
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
