package dev.usageledger.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load of {@link RecordRequests} made by wrk instead, to see that our own clients cost little and measure right. */
final class Wrk {
    private static final Pattern REQUESTS = Pattern.compile(
            "recorded (\\d+) in (\\d+) us, p50 (\\d+) us, p99 (\\d+) us, p99.9 (\\d+) us, refused (\\d+)");

    private final Database database;
    private final Service service;
    private final Path script;

    Wrk(Database database, Service service, Path script) {
        this.database = database;
        this.service = service;
        this.script = script;
    }

    static boolean isInstalled() throws InterruptedException {
        try {
            new ProcessBuilder("wrk", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    Figures run(Load load) throws Exception {
        long headBefore = database.head();
        Cores.Meter meter = new Cores.Meter(database, service);
        Matcher told = told(load);
        Cores cores = meter.read();
        long behind = database.behind();
        long recorded = Long.parseLong(told.group(1));
        requireStored(recorded, load, headBefore);
        return new Figures(
                recorded / (Long.parseLong(told.group(2)) / 1e6),
                Long.parseLong(told.group(3)) / 1e3,
                Long.parseLong(told.group(4)) / 1e3,
                Long.parseLong(told.group(5)) / 1e3,
                recorded,
                cores,
                behind);
    }

    private Matcher told(Load load) throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder(
                        "wrk",
                        "--threads=1",
                        "--connections=" + load.clients(),
                        "--duration=" + Math.max(1, load.time().toSeconds()) + "s",
                        "--script=" + script,
                        service.url(),
                        "--",
                        Service.API_KEY,
                        load.shape().label(),
                        Integer.toString(load.organizations()),
                        "%04d".formatted(load.cell()))
                .redirectErrorStream(true)
                .start();
        String output = new String(wrk.getInputStream().readAllBytes(), UTF_8);
        Matcher told = REQUESTS.matcher(output);
        if (wrk.waitFor() != 0 || !told.find() || !told.group(6).equals("0")) {
            throw new BenchmarkFailedException("wrk: " + output);
        }
        return told;
    }

    /** What was under way when wrk stopped may be stored, too. */
    private void requireStored(long recorded, Load load, long headBefore) throws Exception {
        long stored = database.number("SELECT count(*) FROM ledger.events WHERE position > " + headBefore);
        if (stored < recorded || stored > recorded + load.clients()) {
            throw new BenchmarkFailedException("wrk counted %d commands, %d are stored".formatted(recorded, stored));
        }
    }
}
