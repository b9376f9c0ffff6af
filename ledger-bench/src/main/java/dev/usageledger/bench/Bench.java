package dev.usageledger.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.usageledger.api.CannotStartException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "ledger bench",
        description =
                "Measures the ledger against the way it replaces, on a PostgreSQL of its own, and counts afterwards"
                        + " what was acknowledged. Takes some minutes, and first fills the memory that is free with a cache of files;"
                        + " the machine should have nothing else to do.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Bench implements Callable<Integer> {
    @Option(
            names = "--quick",
            description = "everything once and briefly: does all of it work? tells nothing about speed")
    boolean quick;

    @Option(names = "--seconds", paramLabel = "<n>", description = "how long each measurement takes (default: 2)")
    double seconds = 2;

    @Option(
            names = "--runs",
            paramLabel = "<n>",
            description = "how often each is taken; the median counts (default: 3)")
    int runs = 3;

    @Option(names = "--full", description = "also with 5 million events, which takes some minutes more")
    boolean full;

    @Option(
            names = "--only",
            paramLabel = "<row>",
            split = ",",
            description = "of these rows alone: ${COMPLETION-CANDIDATES}")
    @Nullable
    List<Row> only;

    @Option(
            names = "--json",
            paramLabel = "<file>",
            description = "where the numbers go (default: .ledger/bench/<time>.json)")
    @Nullable
    Path json;

    @Option(
            names = "--data",
            paramLabel = "<directory>",
            description =
                    "where the database has its files meanwhile, on the disk that counts (default: .ledger/bench)")
    @Nullable
    Path data;

    @Option(names = "--jmh", description = "measure decide, evolve and the codec by themselves instead")
    boolean jmh;

    private final Path home = Path.of(System.getProperty("ledger.home", "."));

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Bench::explain)
                .execute(arguments));
    }

    private static int explain(Exception fault, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (fault instanceof CannotStartException || fault instanceof BenchmarkFailedException) {
            command.getErr().println("ledger bench: " + fault.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw fault;
    }

    @Override
    public Integer call() throws Exception {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        if (jmh) {
            Microbenchmarks.run(quick);
            return CommandLine.ExitCode.OK;
        }
        Set<Row> rows = only == null ? EnumSet.allOf(Row.class) : EnumSet.copyOf(only);
        Plan plan = quick ? Plan.quick(rows) : Plan.standard(rows, seconds, runs, full);
        Path directory = home.resolve(".ledger").resolve("bench");
        Report report = measure(plan, (data == null ? directory : data).resolve("data"));
        System.out.print(report.table());
        if (!quick) {
            System.out.print(report.targets());
        }
        Path file = json == null ? directory.resolve(now() + ".json") : json;
        report.write(file);
        System.out.println("written to " + file);
        return CommandLine.ExitCode.OK;
    }

    private Report measure(Plan plan, Path data) throws Exception {
        try (Database database = Database.start(data)) {
            Machine machine = Machine.of(database);
            System.out.println(machine);
            return new Report(machine, plan, new Benchmark(database, plan, home).run());
        }
    }

    private static String now() {
        return LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss"));
    }
}
