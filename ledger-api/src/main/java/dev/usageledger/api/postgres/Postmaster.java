package dev.usageledger.api.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A live PostgreSQL server, as the {@code postmaster.pid} of its data directory tells. */
record Postmaster(long pid, int port) {
    /**
     * The live server of this data directory. The file outlives a server that was killed, and its process id may have
     * gone to a stranger since: only a process that was started on this very directory counts.
     */
    static Optional<Postmaster> on(Path data) throws IOException {
        Path file = pidFile(data);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        List<String> lines =
                Files.readAllLines(file).stream().map(String::strip).toList();
        if (lines.size() < 4) {
            return Optional.empty();
        }
        return Optional.of(new Postmaster(Long.parseLong(lines.get(0)), Integer.parseInt(lines.get(3))))
                .filter(postmaster -> postmaster.serves(data));
    }

    static Path pidFile(Path data) {
        return data.resolve("postmaster.pid");
    }

    /** Runs the task, on a thread of its own, once the server has ended. */
    void onExit(Runnable task) {
        ProcessHandle.of(pid)
                .map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null))
                .thenRunAsync(task, Thread::startVirtualThread);
    }

    private boolean serves(Path data) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().commandLine())
                .filter(command -> command.contains("postgres") && command.contains(data.toString()))
                .isPresent();
    }
}
