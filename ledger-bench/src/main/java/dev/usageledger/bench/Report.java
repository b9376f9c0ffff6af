package dev.usageledger.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.usageledger.bench.Results.ColdLoad;
import dev.usageledger.bench.Targets.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The results, for people and for programs. */
final class Report {
    private static final String HEADER = "%-48s %-7s %7s %11s %9s %9s %9s  %5s %5s %5s %9s%n"
            .formatted(
                    "", "", "clients", "per second", "p50 ms", "p99 ms", "p99.9 ms", "bench", "serv.", "pg", "behind");

    private final Machine machine;
    private final Plan plan;
    private final Results results;

    Report(Machine machine, Plan plan, Results results) {
        this.machine = machine;
        this.plan = plan;
        this.results = results;
    }

    String table() {
        StringBuilder table = new StringBuilder("%n%s, medians of %d × %.1f s%n%n"
                .formatted(machine, plan.runs(), plan.time().toMillis() / 1e3));
        table.append(HEADER);
        results.cases().forEach(one -> results.median(one).ifPresent(median -> table.append(line(one, median))));
        for (ColdLoad load : results.coldLoads()) {
            table.append("load of an organization with %,d events, not in memory: %.1f ms%n"
                    .formatted(load.events(), load.millis()));
        }
        table.append(
                "%nbench, serv., pg: cores that the benchmark, the service and PostgreSQL kept busy%n".formatted());
        table.append("behind: events that the read models were behind at the end%n".formatted());
        return table.toString();
    }

    String targets() {
        StringBuilder table = new StringBuilder("%nWhat is to be reached, and what was:%n%n".formatted());
        Targets.of(results, plan).forEach(target -> table.append(line(target)));
        return table.toString();
    }

    static String line(Case measured, Figures figures) {
        return "%-48s %-7s %7d %,11.0f %9.3f %9.3f %9.3f  %5.2f %5.2f %5.2f %,9d%n"
                .formatted(
                        measured.label(),
                        measured.shape().label(),
                        measured.clients(),
                        figures.perSecond(),
                        figures.p50(),
                        figures.p99(),
                        figures.p999(),
                        figures.cores().benchmark(),
                        figures.cores().service(),
                        figures.cores().postgres(),
                        figures.behind());
    }

    private static String line(Target target) {
        return "%-72s %s %,9.2f%-3s %,12.2f%-3s %s%n"
                .formatted(
                        target.what(),
                        target.atLeast() ? "≥" : "≤",
                        target.required(),
                        target.unit(),
                        target.measured(),
                        target.unit(),
                        target.isReached() ? "reached" : "MISSED");
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json());
    }

    private Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("machine", machine);
        json.put("secondsEach", plan.time().toMillis() / 1e3);
        json.put("rows", results.cases().stream().map(this::json).toList());
        json.put("coldLoads", results.coldLoads());
        json.put("targets", Targets.of(results, plan));
        return json;
    }

    private Map<String, Object> json(Case measured) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("case", measured);
        json.put("median", results.median(measured).orElseThrow());
        json.put("runs", results.runs(measured));
        return json;
    }
}
