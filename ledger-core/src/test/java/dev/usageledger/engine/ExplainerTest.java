package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.usageledger.engine.Explanation.Cause;
import dev.usageledger.engine.Explanation.Line;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.Figures;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OveragePack;
import dev.usageledger.organization.PurchaseId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Balances of random histories at random moments, accounted for. Their seeds are in the names of the tests. */
class ExplainerTest extends StoredHistoryTest {
    private static final int COMMANDS = 1_200;
    private static final int WHOLE = 100_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void the_lines_add_up_to_the_balance(long seed) {
        for (Instant at : moments(stored(seed, COMMANDS), seed)) {
            Explanation explanation = explained(at);

            Figures sum = Figures.NOTHING;
            for (Line line : explanation.lines()) {
                sum = sum.plus(line.change());
                assertThat(line.balance())
                        .as("seed %d at %s: %s", seed, at, line)
                        .isEqualTo(sum);
            }
            Balance balance = explanation.standing().balance();
            assertThat(sum).as("seed %d at %s", seed, at).isEqualTo(figures(balance));
            assertThat(ledger.standing(ACME, at, at).orElseThrow().balance()).isEqualTo(balance);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void pages_hand_their_sums_on_and_have_the_lines_of_the_whole(long seed) {
        for (Instant at : moments(stored(seed, COMMANDS), seed)) {
            Explanation whole = explained(at);
            List<Line> paged = new ArrayList<>();
            Long after = null;
            do {
                Explanation page = ledger.explain(ACME, at, after, 7).orElseThrow();
                List<Line> lines = page.lines();
                if (after != null) {
                    Line forward = lines.getFirst();
                    assertThat(forward.cause()).isEqualTo(new Cause.BroughtForward());
                    assertThat(forward.change())
                            .isEqualTo(forward.balance())
                            .isEqualTo(paged.getLast().balance());
                    lines = lines.subList(1, lines.size());
                }
                paged.addAll(lines);
                after = page.next();
            } while (after != null);
            assertThat(paged).as("seed %d at %s", seed, at).isEqualTo(whole.lines());
        }
    }

    @Test
    void a_line_names_its_event_and_what_is_only_due_says_so() {
        List<OrganizationEvent> events = stored(21, COMMANDS);
        long last = events.size() - 1;
        Instant end = events.getLast().recordedAt();

        List<Line> lines = explained(end).lines();
        assertThat(lines).allSatisfy(line -> {
            switch (line.cause()) {
                case Cause.BaseOfPeriod base ->
                    assertThat(base.recorded().event()).isInstanceOf(BillingPeriodRolled.class);
                case Cause.PackCarriedOver carried ->
                    assertThat(carried.recorded().event().identity().id())
                            .isEqualTo(carried.pack().purchaseId().value());
                case Cause.Happened happened ->
                    assertThat(happened.recorded().event())
                            .isEqualTo(events.get((int) happened.recorded().sequence()));
                case Cause.HoldsCarriedOver holds -> assertThat(holds.holds()).isPositive();
                case Cause.BroughtForward forward -> throw new AssertionError("on the first page");
                case Cause.Due due -> throw new AssertionError(due + " although all is recorded");
            }
        });

        Explanation later = explained(end.plus(Duration.ofDays(70)));
        assertThat(later.standing().position()).isEqualTo(last + 1);
        assertThat(later.lines().getFirst().cause())
                .isInstanceOfSatisfying(
                        Cause.BaseOfPeriod.class,
                        base -> assertThat(base.recorded()).isNull());
    }

    @Test
    void a_cursor_of_another_period_is_refused() {
        List<OrganizationEvent> events = stored(31, COMMANDS);
        Instant end = events.getLast().recordedAt();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.explain(ACME, end, 0L, 10))
                .withMessageStartingWith("cursor must");
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.explain(ACME, end, (long) events.size(), 10));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.explain(ACME, end.plus(Duration.ofDays(70)), events.size() - 2L, 10));
    }

    private Explanation explained(Instant at) {
        return ledger.explain(ACME, at, null, WHOLE).orElseThrow();
    }

    private static Figures figures(Balance balance) {
        Minutes base = balance.baseRemaining();
        Map<PurchaseId, Long> packs = balance.packs().stream()
                .filter(pack -> !pack.remaining().isZero())
                .collect(Collectors.toMap(
                        OveragePack::purchaseId, pack -> pack.remaining().value()));
        return new Figures(
                base == null ? 0 : base.value(),
                balance.overageRemaining().value(),
                balance.held().value(),
                balance.used().value(),
                balance.uncovered().value(),
                packs);
    }

    private static List<Instant> moments(List<OrganizationEvent> events, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, 60)
                .mapToObj(i -> events.get(random.nextInt(events.size()))
                        .recordedAt()
                        .plus(Duration.ofMinutes(random.nextInt(3) == 0 ? random.nextInt(50 * 24 * 60) : 0)))
                .toList();
    }
}
