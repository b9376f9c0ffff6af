package dev.usageledger.api.cli;

import dev.usageledger.api.BannerLine;
import dev.usageledger.api.LedgerSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a person at the terminal is told: where the ledger is, what it runs on, what to try first. */
final class StartBanner {
    private StartBanner() {}

    static String of(ApplicationContext context) {
        String url = "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
        return Stream.of(places(url, context), clock(context), contributed(context), firstCall(url))
                .flatMap(lines -> lines)
                .map(line -> "  %-10s %s%n".formatted(line.label(), line.text()))
                .collect(Collectors.joining("", title(context), "%n  Ctrl-C stops it.%n%n".formatted()));
    }

    private static Stream<BannerLine> places(String url, ApplicationContext context) {
        return Stream.of(
                new BannerLine("Ledger", url),
                new BannerLine("Docs", url + "/docs"),
                new BannerLine("Database", database(context)));
    }

    private static Stream<BannerLine> clock(ApplicationContext context) {
        if (context.getBean(LedgerSettings.class).testClock() == null) {
            return Stream.empty();
        }
        Instant now = context.getBean(InstantSource.class).instant();
        return Stream.of(
                new BannerLine("Clock", "TEST CLOCK, stands at %s until POST /v1/test-clock moves it".formatted(now)));
    }

    private static Stream<BannerLine> contributed(ApplicationContext context) {
        return context.getBeanProvider(BannerLine.Source.class).orderedStream().flatMap(BannerLine.Source::lines);
    }

    private static Stream<BannerLine> firstCall(String url) {
        return Stream.of(new BannerLine(
                "Try", "curl -H \"Authorization: Bearer $LEDGER_API_KEY\" %s/v1/organizations".formatted(url)));
    }

    private static String title(ApplicationContext context) {
        return "%nUsage Ledger %s is ready after %.1f s.%n%n"
                .formatted(
                        context.getBean(BuildProperties.class).getVersion(),
                        ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
    }

    private static String database(ApplicationContext context) {
        Path data = context.getBean(LedgerSettings.class).data();
        return server(context) + (data == null ? "" : ", in " + data);
    }

    private static String server(ApplicationContext context) {
        return context.getBean(JdbcClient.class).sql("""
                        SELECT format('PostgreSQL %s, port %s, fsync %s, synchronous_commit %s',
                                      current_setting('server_version'), inet_server_port(),
                                      current_setting('fsync'), current_setting('synchronous_commit'))""").query(String.class).single();
    }
}
