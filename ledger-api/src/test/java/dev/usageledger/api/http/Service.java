package dev.usageledger.api.http;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.api.LedgerApplication;
import dev.usageledger.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service, on a port and a database of its own, with an API key that tests know. */
final class Service implements AutoCloseable {
    static final String KEY = "ulk_a-key-that-only-tests-know";

    private final HikariDataSource database;
    private final ConfigurableApplicationContext context;

    private Service(HikariDataSource database, ConfigurableApplicationContext context) {
        this.database = database;
        this.context = context;
    }

    /** One service for all tests that need nothing of their own; each uses organizations of its own. */
    static Service shared() {
        return Shared.SERVICE;
    }

    /** The same with a test clock, which stands somewhere in February 2026 or later: others have moved it. */
    static Service sharedWithTestClock() {
        return SharedWithTestClock.SERVICE;
    }

    static Service start(HikariDataSource database, String... properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.datasource.url=" + database.getJdbcUrl(),
                "--spring.datasource.username=" + database.getUsername(),
                "--spring.datasource.password=" + database.getPassword(),
                "--ledger.due.every=200ms",
                "--ledger.audit.data=" + temporaryDirectory(),
                // Its words for OpenAPI documents are none that it knows.
                "--logging.level.com.networknt=error"));
        arguments.addAll(Arrays.asList(properties));
        SpringApplication application = new SpringApplication(LedgerApplication.class);
        application.setDefaultProperties(Map.of("LEDGER_API_KEY", KEY));
        return new Service(database, application.run(arguments.toArray(String[]::new)));
    }

    private static Path temporaryDirectory() {
        try {
            Path directory = Files.createTempDirectory("ledger-service");
            directory.toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Client client() {
        return new Client(port(), KEY);
    }

    int port() {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    HikariDataSource database() {
        return database;
    }

    @Override
    public void close() {
        context.close();
    }

    private static final class Shared {
        private static final Service SERVICE = start(TestDatabase.create());
    }

    private static final class SharedWithTestClock {
        private static final Service SERVICE = start(TestDatabase.create(), "--ledger.test-clock=2026-02-01T00:00:00Z");
    }
}
