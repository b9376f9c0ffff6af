package dev.usageledger.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load of {@link RecordRequests} made by wrk instead, to see that our own clients cost little and measure right. */
final class Wrk {
    private static final Pattern TOLD = Pattern.compile(
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
        Process wrk = start(load);
        Duration used = awaitEnd(wrk);
        Cores cores = meter.readWith(used);
        long behind = database.behind();
        Matcher told = told(wrk);
        long recorded = Long.parseLong(told.group(1));
        requireStored(recorded, load, headBefore);
        return new Figures(
                recorded * 1e6 / Long.parseLong(told.group(2)),
                millis(told.group(3)),
                millis(told.group(4)),
                millis(told.group(5)),
                recorded,
                cores,
                behind);
    }

    private Process start(Load load) throws IOException {
        return new ProcessBuilder(
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
    }

    /** The processor time that wrk had used when it was last seen. */
    private static Duration awaitEnd(Process wrk) throws InterruptedException {
        Duration used = Duration.ZERO;
        while (!wrk.waitFor(20, TimeUnit.MILLISECONDS)) {
            used = wrk.info().totalCpuDuration().orElse(used);
        }
        return used;
    }

    private static Matcher told(Process wrk) throws IOException {
        String output = new String(wrk.getInputStream().readAllBytes(), UTF_8);
        Matcher told = TOLD.matcher(output);
        if (wrk.exitValue() != 0 || !told.find() || !told.group(6).equals("0")) {
            throw new BenchmarkFailedException("wrk: " + output);
        }
        return told;
    }

    private static double millis(String micros) {
        return Long.parseLong(micros) / 1e3;
    }

    /** What was under way when wrk stopped may be stored, too. */
    private void requireStored(long recorded, Load load, long headBefore) throws Exception {
        long stored = database.number("SELECT count(*) FROM ledger.events WHERE position > " + headBefore);
        if (stored < recorded || stored > recorded + load.clients()) {
            throw new BenchmarkFailedException("wrk counted %d commands, %d are stored".formatted(recorded, stored));
        }
    }
}
