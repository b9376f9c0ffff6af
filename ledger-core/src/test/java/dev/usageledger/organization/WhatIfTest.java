package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.WhatIf.Alternative;
import dev.usageledger.organization.WhatIf.Comparison;
import dev.usageledger.organization.WhatIf.Statement;
import dev.usageledger.testing.RandomHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories, told again otherwise. Their seeds are in the names of the tests. */
class WhatIfTest {
    private static final OrganizationDecider DECIDER = new OrganizationDecider(LedgerPolicy.STANDARD);
    private static final Alternative NOTHING_ELSE = new Alternative(null, null);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void with_nothing_else_nothing_is_otherwise(long seed) {
        assertThat(compared(seed, NOTHING_ELSE))
                .hasSizeGreaterThan(1)
                .allSatisfy(comparison -> assertThat(comparison.otherwise())
                        .as("seed %d, %s", seed, comparison.period())
                        .isEqualTo(comparison.actual()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void what_was_used_is_used_on_any_plan_and_paid_in_full_by_an_unlimited_one(long seed) {
        for (Comparison comparison : compared(seed, new Alternative(plan(null), null))) {
            Statement otherwise = comparison.otherwise();
            assertThat(otherwise.used()).isEqualTo(comparison.actual().used());
            assertThat(otherwise.fromBase()).as("seed %d", seed).isEqualTo(otherwise.used());
            assertThat(otherwise.overageNeeded().isZero()).isTrue();
        }
        for (Comparison comparison : compared(seed, new Alternative(plan(70L), Minutes.of(25)))) {
            Statement otherwise = comparison.otherwise();
            assertThat(otherwise.used()).isEqualTo(comparison.actual().used());
            assertThat(otherwise.included()).isEqualTo(Minutes.of(70));
            assertThat(otherwise.fromBase().exceeds(Minutes.of(70))).isFalse();
            assertThat(otherwise.used())
                    .isEqualTo(
                            otherwise.fromBase().plus(otherwise.fromOverage()).plus(otherwise.uncovered()));
            assertThat(otherwise.bought().value() % 25).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void what_happened_is_what_the_statements_say(long seed) {
        List<OrganizationEvent> events = events(seed);
        List<Comparison> compared = compared(seed, NOTHING_ELSE);

        for (Comparison comparison : compared) {
            long index = comparison.period().index();
            long used = events.stream()
                    .mapToLong(event -> switch (event) {
                        case TranscriptionRecorded e
                        when e.period() == index -> e.minutes().value();
                        case TranscriptionCorrected e
                        when e.period() == index ->
                            e.minutes().value() - e.before().value();
                        default -> 0;
                    })
                    .sum();
            assertThat(comparison.actual().used().value()).as("seed %d", seed).isEqualTo(used);
        }
        long bought = events.stream()
                .mapToLong(event ->
                        event instanceof OveragePurchased e ? e.minutes().value() : 0)
                .sum();
        assertThat(compared.stream()
                        .mapToLong(comparison -> comparison.actual().bought().value())
                        .sum())
                .isEqualTo(bought);
    }

    @Test
    void months_in_which_nothing_happened_are_there_too() {
        List<OrganizationEvent> events = events(1);
        Instant later = events.getLast().recordedAt().plus(Duration.ofDays(100));

        List<Comparison> compared = compared(events, NOTHING_ELSE, later);

        assertThat(compared)
                .extracting(comparison -> comparison.period().index())
                .isEqualTo(LongStream.rangeClosed(
                                compared.getFirst().period().index(),
                                compared.getLast().period().index())
                        .boxed()
                        .toList());
        assertThat(compared.getLast().period().contains(later)).isTrue();
    }

    private static List<Comparison> compared(long seed, Alternative alternative) {
        List<OrganizationEvent> events = events(seed);
        return compared(events, alternative, events.getLast().recordedAt());
    }

    private static List<Comparison> compared(List<OrganizationEvent> events, Alternative alternative, Instant now) {
        Open opened = (Open) OrganizationDecider.evolve(Organization.NOT_OPENED, events.getFirst());
        WhatIf whatIf = new WhatIf(DECIDER, opened, alternative);
        events.subList(1, events.size()).forEach(whatIf::happened);
        return whatIf.periods(now);
    }

    private static List<OrganizationEvent> events(long seed) {
        return RandomHistory.of(seed, new OrganizationId("acme"), 400).events();
    }

    private static Plan plan(@Nullable Long included) {
        return new Plan("other", included == null ? null : Minutes.of(included), Plan.Limit.SOFT);
    }
}
