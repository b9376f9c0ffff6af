package dev.usageledger.api.postgres;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.DataDirectory;
import java.io.IOException;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL server of one data directory. What it acknowledged is on disk: it runs with {@code fsync},
 * {@code synchronous_commit} and {@code full_page_writes} on. It listens on the loopback interface alone, and every
 * role needs its password.
 *
 * <p>A server that is killed is started again, and recovers all it acknowledged. A server whose service was killed
 * lives on; the next start takes it over, after ending what the killed service still had under way in it.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private final Cluster cluster;
    private final int port;
    private final String password;
    private boolean closed;

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
            var postgres = new EmbeddedPostgres(cluster, port, directory.secret(LedgerDatabase.OWNER));
            postgres.watch();
            return postgres;
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

    private void watch() throws IOException {
        cluster.onExit(this::startAgain);
    }

    private synchronized void startAgain() {
        if (closed) {
            return;
        }
        log.warn("PostgreSQL ended unexpectedly; starting it again.");
        try {
            if (cluster.start() != port) {
                throw new CannotStartException("Its port %d was taken meanwhile.".formatted(port));
            }
            watch();
            log.info("PostgreSQL is back.");
        } catch (IOException | CannotStartException e) {
            log.error("PostgreSQL is out of reach: {} Restart the ledger.", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops the server; what is not committed by now is rolled back. */
    @Override
    public synchronized void close() {
        closed = true;
        cluster.stop();
    }
}
