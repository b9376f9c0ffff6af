package dev.usageledger.testing;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/**
 * A real PostgreSQL for tests: one server per JVM, started by the first test that asks and gone with the JVM. Every
 * {@link #create()} is a database of its own, migrated with whatever {@code db/migration} holds on the class path, and
 * owned by a role that may do no more than the service's own.
 *
 * <p>The server does not flush to disk. Tests of durability start a server of their own.
 */
public final class TestDatabase {
    private static final String OWNER = "ledger_service";
    private static final String PASSWORD = "ledger-test";
    private static final String TEMPLATE = "ledger_template";
    private static final AtomicInteger CREATED = new AtomicInteger();

    private TestDatabase() {}

    /** A fresh, migrated database. Closing the pool is the caller's business; the data goes with the JVM. */
    public static HikariDataSource create() {
        EmbeddedPostgres server = Server.RUNNING;
        String name = "ledger_" + CREATED.incrementAndGet();
        execute(server, "CREATE DATABASE %s TEMPLATE %s OWNER %s".formatted(name, TEMPLATE, OWNER));
        return connect(server, name);
    }

    private static HikariDataSource connect(EmbeddedPostgres server, String database) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(
                "jdbc:postgresql://localhost:%d/%s?reWriteBatchedInserts=true".formatted(server.getPort(), database));
        pool.setUsername(OWNER);
        pool.setPassword(PASSWORD);
        return pool;
    }

    private static void execute(EmbeddedPostgres server, String... statements) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            EmbeddedPostgres server = startServer();
            execute(
                    server,
                    "CREATE ROLE %s LOGIN PASSWORD '%s' NOSUPERUSER NOCREATEDB NOCREATEROLE".formatted(OWNER, PASSWORD),
                    "CREATE ROLE ledger_readonly LOGIN PASSWORD '%s'".formatted(PASSWORD),
                    "CREATE DATABASE %s OWNER %s".formatted(TEMPLATE, OWNER));
            migrate(server);
            return server;
        }

        private static EmbeddedPostgres startServer() {
            try {
                Path data = Files.createTempDirectory("ledger-test");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> discard(data)));
                return EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setRegisterShutdownHook(false)
                        .setServerConfig("max_connections", "300")
                        .setServerConfig("timezone", "UTC")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        // The library's own way to stop writes everything to disk first, and a JVM that takes half a minute to exit is
        // killed by the test runner, with the server left behind.
        private static void discard(Path data) {
            run("sh", "-c", "kill -QUIT $(head -n 1 %s/postmaster.pid)".formatted(data));
            run("rm", "-rf", data.toString());
        }

        private static void run(String... command) {
            try {
                new ProcessBuilder(command).inheritIO().start().waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void migrate(EmbeddedPostgres server) {
            try (HikariDataSource template = connect(server, TEMPLATE)) {
                Flyway.configure()
                        .dataSource(template)
                        .locations("classpath:db/migration")
                        .load()
                        .migrate();
            }
        }
    }
}
