package dev.usageledger.api.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of the service, from its first line to its last. */
final class ServiceProcess {
    private static final Pattern URL = Pattern.compile("Ledger +(http://localhost:\\d+)");
    private static final int MOST_LINES = 100;
    private static final String LAST_LINE_OF_BANNER = "Ctrl-C stops it";

    private final Process process;
    private final ConcurrentLinkedQueue<String> output = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<URI> ready = new CompletableFuture<>();

    ServiceProcess(ProcessBuilder builder) throws IOException {
        process = builder.redirectErrorStream(true).start();
        Thread.ofPlatform().daemon().name("output of " + process.pid()).start(this::read);
    }

    private void read() {
        URI url = null;
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                Matcher named = URL.matcher(line);
                url = named.find() ? URI.create(named.group(1)) : url;
                if (line.contains(LAST_LINE_OF_BANNER)) {
                    ready.complete(url);
                }
            }
        } catch (IOException e) {
            output.add("(" + e + ")");
        }
        ready.completeExceptionally(new IllegalStateException("ended before it was ready"));
    }

    void awaitReady() throws InterruptedException {
        try {
            ready.get(5, TimeUnit.MINUTES);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the service did not start: " + lastWords(), e);
        }
    }

    Optional<URI> url() {
        return ready.isDone() && !ready.isCompletedExceptionally() ? Optional.of(ready.join()) : Optional.empty();
    }

    String lastWords() {
        List<String> lines = List.copyOf(output);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
    }

    long pid() {
        return process.pid();
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** As Ctrl-C does. */
    boolean stop(long patience, TimeUnit unit) throws InterruptedException {
        // Process.destroy would close the output that is still to be read.
        process.toHandle().destroy();
        return process.waitFor(patience, unit);
    }
}
