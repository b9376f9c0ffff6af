package dev.usageledger.api.postgres;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.DataDirectory;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL server of one data directory. What it acknowledged is on disk: it runs with {@code fsync},
 * {@code synchronous_commit} and {@code full_page_writes} on. It listens on the loopback interface alone, and every
 * role needs its password.
 *
 * <p>A server that ends unexpectedly is started again, as often as it takes, and recovers all it acknowledged. A server
 * whose service was killed lives on; the next start takes it over, after ending what the killed service still had under
 * way in it.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final String password;
    private volatile int port;
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

    /** Where it is now. */
    public int port() {
        return port;
    }

    /** Holds for as long as this is open, even if the server has to come back on another port. */
    public DatabaseAccess access() {
        return new DatabaseAccess(jdbcUrl(port, cluster.portFile()), LedgerDatabase.OWNER, password);
    }

    /**
     * How to reach the server that another process keeps running on this directory.
     *
     * @throws CannotStartException if there is none yet
     */
    public static DatabaseAccess accessBeside(DataDirectory directory) {
        try {
            int port = Cluster.rememberedPort(directory)
                    .orElseThrow(() -> new CannotStartException(
                            "The ledger in %s is still starting. Try again.".formatted(directory.path())));
            return new DatabaseAccess(
                    jdbcUrl(port, Cluster.portFile(directory)),
                    LedgerDatabase.OWNER,
                    directory.secret(LedgerDatabase.OWNER));
        } catch (IOException e) {
            throw new CannotStartException(
                    "Cannot read the data directory %s: %s".formatted(directory.path(), e.getMessage()), e);
        }
    }

    private static String jdbcUrl(int port, Path portFile) {
        return "%s?reWriteBatchedInserts=true&ApplicationName=ledger&socketFactory=%s&socketFactoryArg=%s"
                .formatted(
                        LedgerDatabase.jdbcUrl(port, LedgerDatabase.NAME),
                        CurrentPortSockets.class.getName(),
                        URLEncoder.encode(portFile.toString(), StandardCharsets.UTF_8));
    }

    private void watch() throws IOException {
        cluster.onExit(this::startAgain);
    }

    /** Tries until it is back: what keeps it away, such as a full disk, may well pass. */
    private void startAgain() {
        if (isClosed()) {
            return;
        }
        log.warn("PostgreSQL ended unexpectedly; starting it again.");
        try {
            Duration pause = SHORTEST_PAUSE;
            while (!isBack(pause)) {
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized boolean isBack(Duration nextPause) throws InterruptedException {
        if (closed) {
            return true;
        }
        try {
            port = cluster.start();
            watch();
            log.info("PostgreSQL is back, on port {}.", port);
            return true;
        } catch (IOException | CannotStartException e) {
            log.error("PostgreSQL is out of reach: {} Trying again in {} s.", e.getMessage(), nextPause.toSeconds());
            return false;
        }
    }

    /** Stops the server; what is not committed by now is rolled back. */
    @Override
    public synchronized void close() {
        closed = true;
        cluster.stop();
    }
}
