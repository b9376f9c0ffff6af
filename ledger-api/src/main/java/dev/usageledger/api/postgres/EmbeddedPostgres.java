package dev.usageledger.api.postgres;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.DataDirectory;
import java.io.IOException;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * The PostgreSQL server of one data directory. What it acknowledged is on disk: it runs with {@code fsync},
 * {@code synchronous_commit} and {@code full_page_writes} on. It listens on the loopback interface alone, and every
 * role needs its password.
 *
 * <p>The server outlives a service that was killed. The next start takes it over, after ending what the killed
 * service still had under way in it.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private final Cluster cluster;
    private final int port;
    private final String password;

    private EmbeddedPostgres(Cluster cluster, int port, String password) {
        this.cluster = cluster;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts the directory's server, making it first if there is none, or takes over the one that still runs.
     *
     * @param progress told, a line each, what a person would want to know while waiting
     * @throws CannotStartException if a person has to do something about it
     */
    public static EmbeddedPostgres start(DataDirectory directory, Consumer<String> progress) {
        try {
            var cluster = new Cluster(directory, PostgresBinaries.unpackInto(directory.path()), progress);
            int port = cluster.start();
            LedgerDatabase.prepare(port, directory);
            return new EmbeddedPostgres(cluster, port, directory.secret(LedgerDatabase.OWNER));
        } catch (IOException | SQLException e) {
            throw new CannotStartException(
                    "Cannot start PostgreSQL in %s: %s".formatted(directory.path(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted while PostgreSQL was starting.", e);
        }
    }

    public int port() {
        return port;
    }

    public String jdbcUrl() {
        return LedgerDatabase.jdbcUrl(port, LedgerDatabase.NAME) + "?reWriteBatchedInserts=true&ApplicationName=ledger";
    }

    /** A role that owns the ledger's database and has no rights beyond it. */
    public String user() {
        return LedgerDatabase.OWNER;
    }

    public String password() {
        return password;
    }

    /** Stops the server once what runs in it has been rolled back. */
    @Override
    public void close() {
        cluster.stop();
    }
}
