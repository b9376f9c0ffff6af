package dev.usageledger.api.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service and its PostgreSQL are killed under load, again and again; then everything is counted. With {@code
 * -Dledger.crash.rounds=20} each of them is killed 20 times; {@code -Dledger.seed=…} makes the choices of another run
 * again, though not its timing.
 */
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("ledger.crash.rounds", 4);
    private static final long SEED = Long.getLong("ledger.seed", System.nanoTime());
    private static final int CLIENTS = 16;
    private static final int ACKNOWLEDGED_BETWEEN_KILLS = 100;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final Books books = new Books();
    private final AtomicBoolean goesOn = new AtomicBoolean(true);
    private final List<Future<Void>> clients = new ArrayList<>();
    private int kills;

    /** What a round kills, and in which order. */
    private enum Round {
        SERVICE_THEN_POSTGRES,
        POSTGRES_THEN_SERVICE,
        BOTH_AT_ONCE
    }

    @Test
    void what_was_acknowledged_is_there_once_whatever_was_killed() throws Exception {
        Installation installation = new Installation(directory);
        try (installation;
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            installation.start();
            Caller caller = new Caller(installation::url);
            List<Customer> customers = Customer.some();
            Client.open(customers, caller, books);
            for (int number = 0; number < CLIENTS; number++) {
                clients.add(
                        threads.submit(new Client("c" + number, SEED + number, customers, caller, books, goesOn::get)));
            }
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    strike(installation, Round.values()[random.nextInt(Round.values().length)]);
                }
            } finally {
                goesOn.set(false);
            }
            for (Future<Void> client : clients) {
                client.get();
            }
            new Audit(installation, caller, books, customers).takeStock();
            System.out.printf(
                    "%d rounds, %d kills, seed %d: %s; callers were %s%n",
                    ROUNDS, kills, SEED, books, caller.troubles());

            assertThat(installation.service().stop(1, TimeUnit.MINUTES)).isTrue();
            assertThat(directory.resolve("postgres/postmaster.pid")).doesNotExist();
        } catch (Throwable fault) {
            throw new AssertionError(
                    "with -Dledger.seed=%d after %d kills: %s%nThe service's last lines were:%n%s"
                            .formatted(SEED, kills, fault.getMessage(), installation.lastWords()),
                    fault);
        }
    }

    private void strike(Installation installation, Round round) throws Exception {
        awaitLoad();
        switch (round) {
            case SERVICE_THEN_POSTGRES -> {
                killService(installation);
                restart(installation);
                awaitLoad();
                killPostgres(installation);
            }
            case POSTGRES_THEN_SERVICE -> {
                killPostgres(installation);
                awaitLoad();
                killService(installation);
                restart(installation);
            }
            case BOTH_AT_ONCE -> {
                killService(installation);
                killPostgres(installation);
                restart(installation);
            }
        }
    }

    private void killService(Installation installation) throws Exception {
        installation.killService();
        kills++;
    }

    private void killPostgres(Installation installation) throws Exception {
        installation.killPostgres();
        kills++;
    }

    /** Some starts are killed as well, somewhere on their way. */
    private void restart(Installation installation) throws Exception {
        if (random.nextInt(4) == 0) {
            installation.launch();
            Thread.sleep(random.nextInt(4_000));
            killService(installation);
        }
        installation.start();
    }

    /** Until commands go through again, and for a moment of chance beyond. */
    private void awaitLoad() throws Exception {
        long enough = books.acknowledged() + ACKNOWLEDGED_BETWEEN_KILLS;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (books.acknowledged() < enough) {
            failIfAClientFailed();
            assertThat(System.nanoTime()).as("commands go through").isLessThan(deadline);
            Thread.sleep(5);
        }
        Thread.sleep(random.nextInt(1_000));
    }

    private void failIfAClientFailed() throws Exception {
        for (Future<Void> client : clients) {
            if (client.isDone()) {
                client.get();
            }
        }
    }
}
