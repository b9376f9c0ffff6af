package dev.usageledger.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All that was measured. */
final class Results {
    private final Map<Case, List<Figures>> runs = new LinkedHashMap<>();
    private final List<ColdLoad> coldLoads = new ArrayList<>();

    /**
     * How long it took to load an organization that was not in memory.
     *
     * @param events of its history
     * @param millis the median
     */
    record ColdLoad(long events, double millis) {}

    void add(Case measured, Figures figures) {
        runs.computeIfAbsent(measured, none -> new ArrayList<>()).add(figures);
    }

    void add(ColdLoad load) {
        coldLoads.add(load);
    }

    List<Case> cases() {
        return List.copyOf(runs.keySet());
    }

    List<Figures> runs(Case measured) {
        return runs.getOrDefault(measured, List.of());
    }

    List<ColdLoad> coldLoads() {
        return coldLoads;
    }

    /** The run that is in the middle by speed; of an even number the slower one of the two. */
    Optional<Figures> median(Case measured) {
        List<Figures> sorted = runs(measured).stream()
                .sorted(Comparator.comparingDouble(Figures::perSecond))
                .toList();
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get((sorted.size() - 1) / 2));
    }

    /** The median of the fastest case of a row. */
    Optional<Figures> best(Row row, Shape shape) {
        return medians(row, shape).max(Comparator.comparingDouble(Figures::perSecond));
    }

    private Stream<Figures> medians(Row row, Shape shape) {
        return runs.keySet().stream()
                .filter(one -> one.row() == row && one.shape() == shape)
                .flatMap(one -> median(one).stream());
    }
}
