package dev.usageledger.api.postgres;

import com.sun.management.OperatingSystemMXBean;
import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.DataDirectory;
import dev.usageledger.api.postgres.PostgresBinaries.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The files of a PostgreSQL server, and the server on them: made, started, taken over, stopped. */
final class Cluster {
    // Below the ports that systems hand out for outgoing connections, so that a remembered one stays free.
    private static final int FIRST_PORT = 15432;
    private static final int LAST_PORT = 15999;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    // Recovery after a crash reads back up to max_wal_size, which a slow disk takes minutes for.
    private static final String RECOVERY_SECONDS = "900";
    private static final String STOP_SECONDS = "120";
    // A ledger of some ten million events; what is more, the kernel keeps.
    private static final long LARGEST_SHARED_BUFFERS_MB = 4096;
    // What it tells clients that knock too early is logged in the same words.
    private static final Pattern COMPLAINT = Pattern.compile("^.* (FATAL|PANIC): +(?!the database system is)");

    private final DataDirectory directory;
    private final PostgresBinaries binaries;
    private final Consumer<String> progress;
    private final Path data;
    private final Path log;

    Cluster(DataDirectory directory, PostgresBinaries binaries, Consumer<String> progress) {
        this.directory = directory;
        this.binaries = binaries;
        this.progress = progress;
        this.data = directory.resolve("postgres");
        this.log = directory.resolve("postgres.log");
    }

    /** The port of the server, once it takes connections. */
    int start() throws IOException, InterruptedException {
        if (Files.notExists(data)) {
            initialize();
        }
        requireOwnVersion();
        Optional<Integer> left = takeOver();
        return left.isPresent() ? left.get() : startServer();
    }

    /** Runs the task once the server of now has ended, however it ended. */
    void onExit(Runnable task) throws IOException {
        Postmaster.on(data).ifPresentOrElse(server -> server.onExit(task), task);
    }

    void stop() {
        try {
            Result fast = control("stop", "-m", "fast", "-t", STOP_SECONDS);
            if (fast.failed()) {
                control("stop", "-m", "immediate");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Made beside and renamed, so that a first start that was killed half way is simply made again.
    private void initialize() throws IOException, InterruptedException {
        progress.accept("Preparing PostgreSQL in %s …".formatted(directory.path()));
        Path draft = directory.resolve("postgres.new");
        PostgresBinaries.delete(draft);
        directory.secret(LedgerDatabase.SUPERUSER);
        Result initdb = binaries.run(
                "initdb",
                List.of(
                        "--pgdata=" + draft,
                        "--username=" + LedgerDatabase.SUPERUSER,
                        "--pwfile=" + directory.secretFile(LedgerDatabase.SUPERUSER),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--locale=C"));
        if (initdb.failed()) {
            throw new CannotStartException(
                    "Cannot make a PostgreSQL in %s: %s".formatted(directory.path(), initdb.lastLine()));
        }
        Files.move(draft, data);
    }

    private void requireOwnVersion() throws IOException {
        Path file = data.resolve("PG_VERSION");
        String found = Files.exists(file) ? Files.readString(file).strip() : "unknown";
        String own = Integer.toString(PostgresBinaries.bundledMajorVersion());
        if (!found.equals(own)) {
            throw new CannotStartException(
                    "%s was made by PostgreSQL %s, and this ledger brings %s. Bring it over with pg_upgrade or pg_dump, or start afresh with another --data."
                            .formatted(data, found, own));
        }
    }

    private Optional<Integer> takeOver() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        Optional<Postmaster> left = Postmaster.on(data);
        while (left.isPresent()) {
            Postmaster server = left.get();
            if (takesConnections(server.port())) {
                progress.accept("Took over the PostgreSQL that a killed ledger left running.");
                return Optional.of(server.port());
            }
            if (Instant.now().isAfter(deadline)) {
                throw new CannotStartException(
                        "A PostgreSQL runs on %s (pid %d) and refuses the ledger, see %s. Stop that process and start again."
                                .formatted(data, server.pid(), log));
            }
            Thread.sleep(100);
            left = Postmaster.on(data);
        }
        return Optional.empty();
    }

    private boolean takesConnections(int port) throws IOException {
        try (Connection ignored = LedgerDatabase.connect(port, directory)) {
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private int startServer() throws IOException, InterruptedException {
        // Nothing is alive here. Left in place, the file would stop the start if its process id has gone to a stranger.
        Files.deleteIfExists(Postmaster.pidFile(data));
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            int port = choosePort();
            Optional<String> failure = tryStart(port);
            if (failure.isEmpty()) {
                remember(port);
                return port;
            }
            if (!passes(failure.get()) || Instant.now().isAfter(deadline)) {
                throw new CannotStartException("PostgreSQL does not start: %s See %s.".formatted(failure.get(), log));
            }
            Thread.sleep(200);
        }
    }

    /** Why the server does not start, if it does not. */
    private Optional<String> tryStart(int port) throws IOException, InterruptedException {
        long logged = Files.exists(log) ? Files.size(log) : 0;
        Result start = control("start", "-t", RECOVERY_SECONDS, "-l", log.toString(), "-o", options(port));
        return start.failed() ? Optional.of(complaintSince(logged).orElse(start.lastLine())) : Optional.empty();
    }

    private Optional<String> complaintSince(long offset) throws IOException {
        if (Files.notExists(log)) {
            return Optional.empty();
        }
        try (SeekableByteChannel channel = Files.newByteChannel(log).position(offset);
                var reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(COMPLAINT::matcher)
                    .filter(Matcher::find)
                    .map(complaint -> complaint.replaceFirst(""))
                    .findFirst();
        }
    }

    // Another program was quicker at the port, or the processes of a killed server are still on their way out.
    private static boolean passes(String complaint) {
        return complaint.contains("could not create any TCP/IP sockets") || complaint.contains("shared memory block");
    }

    private int choosePort() throws IOException {
        Optional<Integer> before = rememberedPort();
        int port = Stream.concat(
                        before.stream(),
                        IntStream.rangeClosed(FIRST_PORT, LAST_PORT).boxed())
                .filter(Cluster::isFree)
                .findFirst()
                .orElseThrow(() ->
                        new CannotStartException("No port from %d to %d is free for PostgreSQL. Stop what holds them."
                                .formatted(FIRST_PORT, LAST_PORT)));
        before.filter(remembered -> remembered != port)
                .ifPresent(taken -> progress.accept(
                        "Port %d, which PostgreSQL had, is taken; it moves to %d.".formatted(taken, port)));
        return port;
    }

    // Written beside and renamed, and only when it changes: whoever reads it, and a full disk, must not leave it empty.
    private void remember(int port) throws IOException {
        if (!rememberedPort().equals(Optional.of(port))) {
            Path draft = Files.writeString(directory.resolve("postgres.port.new"), port + "\n");
            Files.move(draft, portFile(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private Optional<Integer> rememberedPort() throws IOException {
        return rememberedPort(directory);
    }

    /** The port of the server that was started last on this directory; none before the first start. */
    static Optional<Integer> rememberedPort(DataDirectory directory) throws IOException {
        Path file = portFile(directory);
        return Files.exists(file)
                ? Optional.of(Integer.valueOf(Files.readString(file).strip()))
                : Optional.empty();
    }

    /** Holds the port of the server that was started last. */
    Path portFile() {
        return portFile(directory);
    }

    static Path portFile(DataDirectory directory) {
        return directory.resolve("postgres.port");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Result control(String action, String... options) throws IOException, InterruptedException {
        return binaries.run(
                "pg_ctl",
                Stream.concat(Stream.of(action, "-w", "-D", data.toString()), Stream.of(options))
                        .toList());
    }

    // Given on the command line, where no file in the data directory can weaken them.
    private static String options(int port) {
        return Stream.of(
                        "listen_addresses=127.0.0.1",
                        "port=" + port,
                        "unix_socket_directories=''",
                        "fsync=on",
                        "synchronous_commit=on",
                        "full_page_writes=on",
                        // A new file of the log is not filled with zeros first, which would stop all commits for some
                        // 45 ms.
                        "wal_init_zero=off",
                        "max_wal_size=4GB",
                        "checkpoint_timeout=15min",
                        "shared_buffers=%dMB".formatted(sharedBuffersMegabytes()),
                        "random_page_cost=1.1",
                        "jit=off",
                        // Another writer that was first is no error, and what was to be written is nobody's business.
                        "log_min_error_statement=fatal",
                        "log_error_verbosity=terse",
                        "timezone=UTC",
                        "log_timezone=UTC")
                .map(setting -> "-c " + setting)
                .collect(Collectors.joining(" "));
    }

    private static long sharedBuffersMegabytes() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long quarter = system.getTotalMemorySize() / 4 / (1 << 20);
        return Math.clamp(quarter, 16, LARGEST_SHARED_BUFFERS_MB);
    }
}
