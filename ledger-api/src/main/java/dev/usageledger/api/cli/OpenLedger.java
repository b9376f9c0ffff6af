package dev.usageledger.api.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.DataDirectory;
import dev.usageledger.api.postgres.DatabaseAccess;
import dev.usageledger.api.postgres.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.LoggerFactory;

/**
 * An existing ledger, for a subcommand that works on its database: beside the service that runs on it, or without one,
 * with the embedded server started for as long as this is open.
 */
final class OpenLedger implements AutoCloseable {
    /** Opened only as they are needed. */
    private static final int CONNECTIONS = 20;

    private final Shutdown opened = new Shutdown();
    private final DataDirectory directory;
    private final DataSource database;

    private OpenLedger(Path path) {
        try {
            Optional<DatabaseAccess> outside = DatabaseAccess.named();
            if (outside.isPresent()) {
                directory = opened.first(DataDirectory.share(path));
                database = pool(outside.get());
            } else {
                requireLedger(path);
                Optional<DataDirectory> claimed = DataDirectory.tryOpen(path);
                directory = opened.first(claimed.orElseGet(() -> DataDirectory.share(path)));
                database = pool(claimed.isPresent() ? started() : EmbeddedPostgres.accessBeside(directory));
            }
            requireCurrentSchema();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** @throws CannotStartException if there is no ledger, it cannot be reached, or is one of another version */
    static OpenLedger in(DataOption data) {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        return new OpenLedger(data.path());
    }

    DataSource database() {
        return database;
    }

    /** Where its keys are. */
    DataDirectory directory() {
        return directory;
    }

    private DatabaseAccess started() {
        return opened.first(EmbeddedPostgres.start(directory, System.err::println))
                .access();
    }

    private DataSource pool(DatabaseAccess access) {
        access.requireAnswer();
        var settings = new HikariConfig();
        settings.setJdbcUrl(access.jdbcUrl());
        settings.setUsername(access.user());
        settings.setPassword(access.password());
        settings.setMaximumPoolSize(CONNECTIONS);
        settings.setMinimumIdle(0);
        return opened.first(new HikariDataSource(settings));
    }

    private static void requireLedger(Path path) {
        if (Files.notExists(path.resolve("postgres"))) {
            throw new CannotStartException(
                    "There is no ledger in %s. Name its directory with --data, or start one with ./ledger start."
                            .formatted(path.toAbsolutePath().normalize()));
        }
    }

    /** A subcommand changes no schema: that is for the service, which knows when nobody else is at work. */
    private void requireCurrentSchema() {
        var flyway =
                Flyway.configure().dataSource(database).defaultSchema("public").load();
        if (flyway.info().pending().length > 0) {
            throw new CannotStartException(
                    "The database has an older schema than this ledger. Start the service once, which brings it up to date.");
        }
    }

    @Override
    public void close() {
        opened.run();
    }
}
