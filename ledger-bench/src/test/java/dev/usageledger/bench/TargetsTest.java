package dev.usageledger.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.usageledger.bench.Results.ColdLoad;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private final Results results = new Results();

    @Test
    void the_median_of_three_runs_counts() {
        measured(Row.HTTP, Shape.HOT, 64, 9_000, 16_000, 15_000);
        measured(Row.LEGACY, Shape.HOT, 64, 1_100, 900, 1_000);
        measured(Row.LEGACY, Shape.HOT, 8, 3_000, 3_000, 3_000);

        assertThat(targets())
                .extracting(Targets.Target::what, Targets.Target::measured, Targets.Target::isReached)
                .containsExactly(
                        tuple("hot, HTTP one by one, 64 clients, to legacy hot, as many", 15.0, true),
                        tuple("hot, HTTP one by one, 64 clients, to legacy hot at its best", 5.0, true));
    }

    @Test
    void what_must_not_grow_is_missed_when_it_does() {
        results.add(grown(10_000), figures(12_500));
        results.add(grown(1_000_000), figures(10_000));
        results.add(new ColdLoad(1_000, 60));
        results.add(new ColdLoad(1_000_000, 50));

        assertThat(targets())
                .extracting(Targets.Target::what, Targets.Target::measured, Targets.Target::isReached)
                .containsExactly(
                        tuple("cost per command at 1,000,000 events to 10,000", 1.25, false),
                        tuple("load of an organization with 1,000,000 events", 50.0, true));
    }

    private List<Targets.Target> targets() {
        return Targets.of(results, Plan.standard(EnumSet.allOf(Row.class), 1, 3, false));
    }

    private void measured(Row row, Shape shape, int clients, double... perSecond) {
        for (double one : perSecond) {
            results.add(new Case(row, shape, clients), figures(one));
        }
    }

    private static Case grown(long stored) {
        return new Case(Row.GROWTH, Shape.SPREAD, 64, 1, stored);
    }

    private static Figures figures(double perSecond) {
        return new Figures(perSecond, 1, 2, 3, 1_000, new Cores(1, 0, 1), 0);
    }
}
