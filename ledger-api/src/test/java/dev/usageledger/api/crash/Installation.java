package dev.usageledger.api.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.usageledger.api.LedgerApplication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A ledger in a data directory of its own, whose processes can be killed. It is started as {@code ./ledger} does it. */
final class Installation implements AutoCloseable {
    static final String KEY = "ulk_only-this-installation-knows";
    static final String OWNER = "ledger_service";

    private final Path data;
    private final List<String> prefix;
    private volatile ServiceProcess service;

    Installation(Path data) {
        this(data, List.of());
    }

    /** @param prefix a command that runs the service as its own last arguments say */
    Installation(Path data, List<String> prefix) {
        this.data = data;
        this.prefix = prefix;
    }

    /** Starts the service, without waiting for it. */
    ServiceProcess launch() throws IOException {
        ProcessBuilder builder = starting(data);
        builder.environment().remove("SPRING_DATASOURCE_URL");
        service = new ServiceProcess(builder);
        return service;
    }

    /** Starts another service on the same database, without waiting for it. Whoever asked for it has to end it. */
    ServiceProcess launchAnother(Path itsData) throws IOException {
        ProcessBuilder builder = starting(itsData);
        builder.environment().put("SPRING_DATASOURCE_URL", databaseUrl());
        builder.environment().put("SPRING_DATASOURCE_USERNAME", OWNER);
        builder.environment().put("SPRING_DATASOURCE_PASSWORD", password(OWNER));
        return new ServiceProcess(builder);
    }

    private ProcessBuilder starting(Path itsData) {
        var builder = new ProcessBuilder(Stream.of(
                        prefix.stream(),
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LedgerApplication.class.getName(),
                                "start",
                                "--port=0",
                                "--data=" + itsData))
                .flatMap(part -> part)
                .toList());
        builder.environment().put("LEDGER_API_KEY", KEY);
        return builder;
    }

    /** Starts the service, and waits until it serves. */
    void start() throws IOException, InterruptedException {
        launch().awaitReady();
    }

    /** Where the service that was started last is to be found; empty while it is not ready. */
    Optional<URI> url() {
        return service.url();
    }

    ServiceProcess service() {
        return service;
    }

    void killService() throws InterruptedException {
        service.kill();
    }

    /** Kills the server itself; its processes go with it, each as soon as it notices. */
    void killPostgres() throws IOException, InterruptedException {
        Optional<ProcessHandle> postmaster = postmaster();
        postmaster.ifPresent(ProcessHandle::destroyForcibly);
        while (postmaster.isPresent() && postmaster.get().isAlive()) {
            Thread.sleep(1);
        }
    }

    private Optional<ProcessHandle> postmaster() throws IOException {
        Path file = seen(data.resolve("postgres/postmaster.pid"));
        return Files.exists(file)
                ? Files.readAllLines(file, UTF_8).stream()
                        .findFirst()
                        .map(Long::valueOf)
                        .flatMap(ProcessHandle::of)
                : Optional.empty();
    }

    /** A connection of one of the ledger's own roles. */
    Connection connect(String role) throws IOException, SQLException {
        return DriverManager.getConnection(databaseUrl(), role, password(role));
    }

    private String databaseUrl() throws IOException {
        String port = Files.readString(seen(data.resolve("postgres.port"))).strip();
        return "jdbc:postgresql://127.0.0.1:%s/ledger".formatted(port);
    }

    private String password(String role) throws IOException {
        return Files.readString(seen(data.resolve("secrets")).resolve(role)).strip();
    }

    /** A file as the service sees it, which may have disks of its own. */
    Path seen(Path file) {
        return prefix.isEmpty() ? file : Path.of("/proc/" + service.pid() + "/root" + file);
    }

    /** The end of what the service that was started last has printed. */
    String lastWords() {
        return service == null ? "(none)" : service.lastWords();
    }

    /** Leaves no process behind, whatever state things are in. */
    @Override
    public void close() throws IOException, InterruptedException {
        if (service == null) {
            return;
        }
        Optional<ProcessHandle> postmaster = postmaster();
        if (!service.stop(60, SECONDS)) {
            service.kill();
        }
        postmaster.ifPresent(ProcessHandle::destroyForcibly);
    }
}
