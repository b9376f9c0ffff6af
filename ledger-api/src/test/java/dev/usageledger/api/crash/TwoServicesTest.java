package dev.usageledger.api.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two services on one PostgreSQL, and callers that send each command to either, so that both write the same
 * organizations all the time; then one of them is killed, and everything is counted. {@code -Dledger.seed=…} makes the
 * choices of another run again, though not its timing.
 */
class TwoServicesTest {
    private static final long SEED = Long.getLong("ledger.seed", System.nanoTime());
    private static final int CLIENTS = 16;
    private static final int ACKNOWLEDGED_BY_BOTH = 3_000;
    private static final int ACKNOWLEDGED_BY_THE_ONE_LEFT = 500;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    @TempDir
    Path directory;

    @TempDir
    Path anothersDirectory;

    private final Books books = new Books();
    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final List<Future<Void>> clients = new ArrayList<>();

    @Test
    void what_either_has_acknowledged_is_there_once_and_both_go_on() throws Exception {
        Installation installation = new Installation(directory);
        try (installation;
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            installation.start();
            ServiceProcess another = installation.launchAnother(anothersDirectory);
            try {
                another.awaitReady();
                Caller caller = new Caller(() -> either(installation.url(), another.url()));
                List<Customer> customers = Customer.some();
                Client.open(customers, caller, books);
                for (int number = 0; number < CLIENTS; number++) {
                    clients.add(threads.submit(
                            new Client("c" + number, SEED + number, customers, caller, books, goesOn::get)));
                }
                awaitAcknowledged(ACKNOWLEDGED_BY_BOTH);
                assertThat(caller.refusals())
                        .as("how often a service could not answer beside the other")
                        .isLessThan(ACKNOWLEDGED_BY_BOTH / 100);
                another.kill();
                awaitAcknowledged(ACKNOWLEDGED_BY_THE_ONE_LEFT);
            } finally {
                goesOn.set(false);
                another.kill();
            }
            for (Future<Void> client : clients) {
                client.get();
            }
            new Audit(installation, new Caller(installation::url), books, Customer.some()).takeStock();
            System.out.printf("two services, seed %d: %s%n", SEED, books);
        } catch (Throwable fault) {
            throw new AssertionError(
                    "with -Dledger.seed=%d: %s%nThe first service's last lines were:%n%s"
                            .formatted(SEED, fault.getMessage(), installation.lastWords()),
                    fault);
        }
    }

    private static Optional<URI> either(Optional<URI> one, Optional<URI> other) {
        return ThreadLocalRandom.current().nextBoolean() ? one : other;
    }

    private void awaitAcknowledged(int more) throws Exception {
        long enough = books.acknowledged() + more;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (books.acknowledged() < enough) {
            for (Future<Void> client : clients) {
                if (client.isDone()) {
                    client.get();
                }
            }
            assertThat(System.nanoTime()).as("commands go through").isLessThan(deadline);
            Thread.sleep(5);
        }
    }
}
