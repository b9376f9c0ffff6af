package dev.usageledger.api.cli;

import dev.usageledger.api.BannerLine;
import dev.usageledger.api.LedgerSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
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
        Stream<BannerLine> lines = Stream.of(
                        Stream.of(
                                new BannerLine("Ledger", url),
                                new BannerLine("Docs", url + "/docs"),
                                new BannerLine("Database", database(context))),
                        context.getBeanProvider(BannerLine.Source.class)
                                .orderedStream()
                                .flatMap(BannerLine.Source::lines),
                        Stream.of(new BannerLine("Try", "curl %s/actuator/health".formatted(url))))
                .flatMap(part -> part);
        return lines.map(line -> "  %-10s %s%n".formatted(line.label(), line.text()))
                .collect(Collectors.joining("", title(context), "%n  Ctrl-C stops it.%n%n".formatted()));
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
