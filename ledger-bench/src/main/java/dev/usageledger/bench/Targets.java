package dev.usageledger.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What the ledger must reach, beside what it has reached: ratios within one run on one machine. */
final class Targets {
    private final Results results;
    private final int clients;
    private final List<Target> targets = new ArrayList<>();

    /**
     * One thing to reach.
     *
     * @param atLeast whether {@code required} is the least that will do, and not the most
     */
    record Target(String what, boolean atLeast, double required, double measured, String unit) {
        boolean isReached() {
            return atLeast ? measured >= required : measured <= required;
        }
    }

    private Targets(Results results, int clients) {
        this.results = results;
        this.clients = clients;
    }

    /** Those that were measured. */
    static List<Target> of(Results results, Plan plan) {
        Targets targets = new Targets(results, plan.usualClients());
        targets.oneByOne();
        targets.inBulk();
        targets.inProcess();
        targets.alone();
        targets.usage();
        targets.growth();
        targets.coldLoad();
        return targets.targets;
    }

    private void oneByOne() {
        Optional<Figures> hot = at(Row.HTTP, Shape.HOT, clients);
        Optional<Figures> spread = at(Row.HTTP, Shape.SPREAD, clients);
        String ours = "HTTP one by one, %d clients".formatted(clients);
        faster("hot, %s, to legacy hot, as many".formatted(ours), 15, hot, at(Row.LEGACY, Shape.HOT, clients));
        faster("hot, %s, to legacy hot at its best".formatted(ours), 5, hot, results.best(Row.LEGACY, Shape.HOT));
        faster(
                "spread, %s, to legacy spread, as many".formatted(ours),
                1.5,
                spread,
                at(Row.LEGACY, Shape.SPREAD, clients));
    }

    private void inBulk() {
        for (Shape shape : Shape.values()) {
            String what = "%s, HTTP in bulk, to legacy spread at its best".formatted(shape.label());
            faster(what, 5, results.best(Row.BULK, shape), results.best(Row.LEGACY, Shape.SPREAD));
        }
    }

    private void inProcess() {
        for (Shape shape : Shape.values()) {
            String what = "%s, in process, to Axon as it comes, each at its best".formatted(shape.label());
            faster(what, 12, results.best(Row.LANES, shape), results.best(Row.AXON, shape));
        }
    }

    private void alone() {
        Optional<Figures> http = at(Row.HTTP, Shape.SPREAD, 1);
        Optional<Figures> bare = at(Row.BARE, Shape.HOT, 1);
        ratio("p50 of HTTP one by one, 1 client, to INSERT + COMMIT", false, 2, http, bare, Figures::p50);
    }

    private void usage() {
        at(Row.USAGE, Shape.SPREAD, clients).ifPresent(usage -> {
            targets.add(new Target("GET usage, %d clients".formatted(clients), true, 10_000, usage.perSecond(), "/s"));
            targets.add(new Target("p99 of GET usage, %d clients".formatted(clients), false, 20, usage.p99(), " ms"));
        });
    }

    private void growth() {
        List<Case> sizes =
                results.cases().stream().filter(one -> one.row() == Row.GROWTH).toList();
        if (sizes.size() > 1) {
            Case small = sizes.getFirst();
            Case large = sizes.getLast();
            String what = "cost per command at %,d events to %,d".formatted(large.stored(), small.stored());
            ratio(what, false, 1.15, results.median(large), results.median(small), figures -> 1 / figures.perSecond());
        }
    }

    private void coldLoad() {
        results.coldLoads().stream().reduce((smaller, larger) -> larger).ifPresent(load -> {
            String what = "load of an organization with %,d events".formatted(load.events());
            targets.add(new Target(what, false, 50, load.millis(), " ms"));
        });
    }

    private Optional<Figures> at(Row row, Shape shape, int clients) {
        return results.median(new Case(row, shape, clients));
    }

    private void faster(String what, double required, Optional<Figures> ours, Optional<Figures> theirs) {
        ratio(what, true, required, ours, theirs, Figures::perSecond);
    }

    private void ratio(
            String what,
            boolean atLeast,
            double required,
            Optional<Figures> ours,
            Optional<Figures> theirs,
            ToDoubleFunction<Figures> figure) {
        if (ours.isPresent() && theirs.isPresent()) {
            double measured = figure.applyAsDouble(ours.get()) / figure.applyAsDouble(theirs.get());
            targets.add(new Target(what, atLeast, required, measured, " ×"));
        }
    }
}
