package dev.usageledger.api.cli;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.DataDirectory;
import dev.usageledger.api.LedgerApplication;
import dev.usageledger.api.postgres.DatabaseAccess;
import dev.usageledger.api.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "start",
        description = {
            "Serves the ledger, on a PostgreSQL of its own or on the one that SPRING_DATASOURCE_URL names",
            "(with SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD)."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class StartCommand implements Runnable {
    enum LogFormat {
        text,
        json
    }

    @Option(
            names = "--port",
            defaultValue = "${env:LEDGER_PORT:-8080}",
            description = "where to listen (default: 8080, or LEDGER_PORT)")
    int port;

    @Mixin
    DataOption data = new DataOption();

    @Option(names = "--demo", description = "also fill an empty ledger with a little world to look at")
    boolean demo;

    @Option(
            names = "--test-clock",
            paramLabel = "<instant>",
            description = "a sandbox where time stands still until it is moved on; it has a data directory of its own")
    @Nullable
    Instant testClock;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "${env:LEDGER_LOG_FORMAT:-text}",
            description = "lines for people, or for machines (default: text, or LEDGER_LOG_FORMAT)")
    LogFormat logFormat = LogFormat.text;

    @Option(names = "--check", description = "stop again once everything has started; tells whether it can run here")
    boolean check;

    @Override
    public void run() {
        requireFree(port);
        var shutdown = new Shutdown();
        try {
            start(shutdown);
        } catch (RuntimeException e) {
            shutdown.run();
            throw e;
        }
        if (check) {
            shutdown.run();
        }
    }

    private void start(Shutdown shutdown) {
        List<String> properties = properties();
        Optional<DatabaseAccess> outside = DatabaseAccess.named();
        properties.add("--ledger.audit.data=" + dataPath());
        if (outside.isPresent()) {
            outside.get().requireAnswer();
        } else {
            properties.addAll(startPostgres(shutdown));
        }
        ConfigurableApplicationContext context = startService(properties);
        shutdown.first(context);
        System.out.print(StartBanner.of(context));
    }

    private List<String> startPostgres(Shutdown shutdown) {
        DataDirectory directory = shutdown.first(DataDirectory.open(dataPath()));
        EmbeddedPostgres postgres = shutdown.first(EmbeddedPostgres.start(directory, System.out::println));
        DatabaseAccess access = postgres.access();
        return List.of(
                "--ledger.data=" + directory.path(),
                "--spring.datasource.url=" + access.jdbcUrl(),
                "--spring.datasource.username=" + access.user(),
                "--spring.datasource.password=" + access.password());
    }

    private ConfigurableApplicationContext startService(List<String> properties) {
        var application = new SpringApplication(LedgerApplication.class);
        application.setRegisterShutdownHook(false);
        try {
            return application.run(properties.toArray(String[]::new));
        } catch (RuntimeException e) {
            throw ExplainedFailures.explanationOf(e)
                    .orElseGet(() -> new CannotStartException("The service did not start; the reason is above.", e));
        }
    }

    private List<String> properties() {
        var properties = new ArrayList<String>();
        properties.add("--server.port=" + port);
        properties.add("--ledger.demo=" + demo);
        properties.add("--ledger.warm-up=true");
        if (testClock != null) {
            properties.add("--ledger.test-clock=" + testClock);
        }
        if (logFormat == LogFormat.json) {
            properties.add("--logging.structured.format.console=ecs");
        }
        return properties;
    }

    private Path dataPath() {
        return testClock == null ? data.path() : data.pathApart("test-clock");
    }

    // Asked before PostgreSQL starts, since whoever mistyped a port should not have to wait for it.
    private static void requireFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            throw ExplainedFailures.portTaken(port, e);
        }
    }
}
