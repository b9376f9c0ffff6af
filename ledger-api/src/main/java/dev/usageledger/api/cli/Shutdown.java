package dev.usageledger.api.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Stops what was started, last first, when the process is told to stop: the service before its database, the database
 * before the lock on its directory.
 */
final class Shutdown {
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    Shutdown() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "shutdown"));
    }

    /** Names what is to be stopped first from now on. */
    synchronized <T extends AutoCloseable> T first(T resource) {
        started.push(resource);
        return resource;
    }

    synchronized void run() {
        while (!started.isEmpty()) {
            close(started.pop());
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            System.err.println("ledger: while stopping: " + e);
        }
    }
}
