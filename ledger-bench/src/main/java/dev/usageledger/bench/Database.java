package dev.usageledger.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.api.DataDirectory;
import dev.usageledger.api.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;

/** A PostgreSQL as the service brings it, durable, in a directory that goes with it. */
final class Database implements AutoCloseable {
    /** As many connections as the service has. */
    static final int SERVICE_CONNECTIONS = 20;

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int ROWS_PER_FETCH = 10_000;

    private final DataDirectory directory;
    private final EmbeddedPostgres postgres;
    private final HikariDataSource pool;

    private Database(DataDirectory directory, EmbeddedPostgres postgres) {
        this.directory = directory;
        this.postgres = postgres;
        this.pool = pool(2);
    }

    static Database start(Path path) {
        DataDirectory directory = DataDirectory.open(path);
        Database database = new Database(directory, EmbeddedPostgres.start(directory, System.out::println));
        Runtime.getRuntime().addShutdownHook(new Thread(database::close));
        return database;
    }

    /** A file that goes when the database does. */
    Path file(String name) {
        return directory.resolve(name);
    }

    String url() {
        return postgres.access().jdbcUrl();
    }

    String user() {
        return postgres.access().user();
    }

    String password() {
        return postgres.access().password();
    }

    HikariDataSource pool(int connections) {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(url());
        settings.setUsername(user());
        settings.setPassword(password());
        settings.setMaximumPoolSize(connections);
        settings.setMinimumIdle(1);
        settings.setConnectionTimeout(PATIENCE.toMillis());
        return new HikariDataSource(settings);
    }

    /** Throws away whatever an earlier measurement has left, and makes the ledger's own tables anew. */
    void empty() throws SQLException {
        for (String schema : texts("SELECT nspname FROM pg_namespace WHERE nspowner = current_user::regrole")) {
            execute("DROP SCHEMA %s CASCADE".formatted(schema));
        }
        execute("DROP TABLE IF EXISTS public.flyway_schema_history");
        Flyway.configure().dataSource(pool).defaultSchema("public").load().migrate();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        return Long.parseLong(texts(sql).getFirst());
    }

    String text(String sql) throws SQLException {
        return texts(sql).getFirst();
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** The position of the ledger's last event. */
    long head() throws SQLException {
        return number("SELECT coalesce(max(position), 0) FROM ledger.events");
    }

    /** The identifiers of all transcriptions recorded after {@code position}. */
    void transcriptionsAfter(long position, Consumer<String> to) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement query = connection.prepareStatement("""
                    SELECT payload ->> 'transcriptionId' FROM ledger.events
                    WHERE position > ? AND type = 'transcription-recorded'
                    """)) {
                query.setFetchSize(ROWS_PER_FETCH);
                query.setLong(1, position);
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        to.accept(rows.getString(1));
                    }
                }
            }
            connection.rollback();
        }
    }

    /** How many events the read models are behind. */
    long behind() throws SQLException {
        return head() - number("SELECT coalesce(max(position), 0) FROM reporting.token");
    }

    /** Waits until the read models contain everything, so that the next measurement starts on equal terms. */
    void awaitReadModels() throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (behind() > 0) {
            if (System.nanoTime() > deadline) {
                throw new BenchmarkFailedException("the read models do not catch up");
            }
            Thread.sleep(20);
        }
    }

    /** The processes of the server: one for each connection, and those that write in the background. */
    List<ProcessHandle> processes() throws SQLException {
        long backend = number("SELECT pg_backend_pid()");
        return ProcessHandle.of(backend)
                .flatMap(ProcessHandle::parent)
                .map(server -> server.descendants().toList())
                .orElse(List.of());
    }

    @Override
    public synchronized void close() {
        if (pool.isClosed()) {
            return;
        }
        pool.close();
        postgres.close();
        directory.close();
        delete(directory.path());
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
