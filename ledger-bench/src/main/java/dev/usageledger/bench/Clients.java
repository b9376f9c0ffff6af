package dev.usageledger.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntFunction;

/** Clients inside this process, each in a thread of its own. */
final class Clients {
    private Clients() {}

    /** Does one piece of work and returns when that is on disk. */
    @FunctionalInterface
    interface Client {
        void send(long number) throws Exception;
    }

    static Tally run(Load load, ThreadFactory threads, IntFunction<Client> clients) throws Exception {
        Tally tally = new Tally(load);
        try (ExecutorService executor = Executors.newThreadPerTaskExecutor(threads)) {
            List<Future<?>> running = new ArrayList<>();
            for (int number = 0; number < load.clients(); number++) {
                int client = number;
                running.add(executor.submit(() -> work(tally, client, clients.apply(client))));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new BenchmarkFailedException("a client failed: " + e.getCause(), e);
        }
        return tally;
    }

    private static Void work(Tally tally, int number, Client client) throws Exception {
        for (long n = 0; !tally.isOver(); n++) {
            long sentAt = System.nanoTime();
            client.send(n);
            tally.acknowledged(number, sentAt);
        }
        return null;
    }
}
