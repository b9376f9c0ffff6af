package dev.usageledger.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What the ledger must reach, beside what it has reached: ratios within one run on one machine. */
final class Targets {
    private final Results results;
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

    private Targets(Results results) {
        this.results = results;
    }

    /** Those that were measured. */
    static List<Target> of(Results results, Plan plan) {
        return new Targets(results).all(plan.usualClients());
    }

    private List<Target> all(int clients) {
        Optional<Figures> httpHot = at(Row.HTTP, Shape.HOT, clients);
        Optional<Figures> httpSpread = at(Row.HTTP, Shape.SPREAD, clients);
        String usual = "%d clients".formatted(clients);
        faster(
                "hot, HTTP one by one, %s, to legacy hot, %s".formatted(usual, usual),
                15,
                httpHot,
                at(Row.LEGACY, Shape.HOT, clients));
        faster(
                "hot, HTTP one by one, %s, to legacy hot at its best".formatted(usual),
                5,
                httpHot,
                results.best(Row.LEGACY, Shape.HOT));
        faster(
                "spread, HTTP one by one, %s, to legacy spread, %s".formatted(usual, usual),
                1.5,
                httpSpread,
                at(Row.LEGACY, Shape.SPREAD, clients));
        for (Shape shape : Shape.values()) {
            faster(
                    "%s, HTTP in bulk, to legacy spread at its best".formatted(shape.label()),
                    5,
                    results.best(Row.BULK, shape),
                    results.best(Row.LEGACY, Shape.SPREAD));
        }
        for (Shape shape : Shape.values()) {
            faster(
                    "%s, in process, to Axon as it comes, each at its best".formatted(shape.label()),
                    12,
                    results.best(Row.LANES, shape),
                    results.best(Row.AXON, shape));
        }
        ratio(
                "p50 of HTTP one by one, 1 client, to INSERT + COMMIT",
                false,
                2,
                at(Row.HTTP, Shape.SPREAD, 1),
                at(Row.BARE, Shape.HOT, 1),
                Figures::p50);
        at(Row.USAGE, Shape.SPREAD, clients).ifPresent(usage -> {
            targets.add(new Target("GET usage, %s".formatted(usual), true, 10_000, usage.perSecond(), "/s"));
            targets.add(new Target("p99 of GET usage, %s".formatted(usual), false, 20, usage.p99(), " ms"));
        });
        growth();
        results.coldLoads().stream()
                .reduce((smaller, larger) -> larger)
                .ifPresent(load -> targets.add(new Target(
                        "load of an organization with %,d events".formatted(load.events()),
                        false,
                        50,
                        load.millis(),
                        " ms")));
        return targets;
    }

    private Optional<Figures> at(Row row, Shape shape, int clients) {
        return results.median(new Case(row, shape, clients));
    }

    private void growth() {
        List<Case> sizes =
                results.cases().stream().filter(one -> one.row() == Row.GROWTH).toList();
        if (sizes.size() > 1) {
            Case smallest = sizes.getFirst();
            Case largest = sizes.getLast();
            ratio(
                    "cost per command at %,d events to %,d".formatted(largest.stored(), smallest.stored()),
                    false,
                    1.15,
                    results.median(largest),
                    results.median(smallest),
                    figures -> 1 / figures.perSecond());
        }
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
