package dev.usageledger.organization;

import static dev.usageledger.organization.RandomHistory.Mix.ADMISSION;
import static dev.usageledger.organization.RandomHistory.Mix.CORRECTIONS;
import static dev.usageledger.organization.RandomHistory.Mix.EVERYTHING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.AsIf.Verdict;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Decision.Rejected;
import dev.usageledger.organization.Decision.Replayed;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Settlement;
import dev.usageledger.organization.RandomHistory.Mix;
import dev.usageledger.organization.Rejection.AmountTooLarge;
import dev.usageledger.organization.Rejection.InsufficientMinutes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A law that is held against histories in which nothing happens says nothing: so everything has to happen in them. */
class RandomHistoryTest {
    private static final int HISTORIES = 1_000;
    private static final List<Decision> DECISIONS = decisions(EVERYTHING);
    private static final List<OrganizationEvent> EVENTS = DECISIONS.stream()
            .filter(Accepted.class::isInstance)
            .flatMap(decision -> ((Accepted) decision).events().stream())
            .toList();

    @Test
    void the_same_seed_tells_the_same_history() {
        assertThat(RandomHistory.of(7, EVERYTHING)).isEqualTo(RandomHistory.of(7, EVERYTHING));
        assertThat(RandomHistory.of(7, EVERYTHING)).isNotEqualTo(RandomHistory.of(8, EVERYTHING));
    }

    @Test
    void every_kind_of_event_happens() {
        Set<Class<?>> seen = new HashSet<>();
        EVENTS.forEach(event -> seen.add(event.getClass()));

        assertThat(seen).containsExactlyInAnyOrder(OrganizationEvent.class.getPermittedSubclasses());
    }

    @Test
    void every_reason_to_refuse_comes_up() {
        Set<Class<?>> seen = new HashSet<>();
        for (Decision decision : DECISIONS) {
            if (decision instanceof Rejected rejected) {
                seen.add(rejected.reason().getClass());
            }
        }
        // It would take billions of commands to have more minutes than fit 64 bits.
        seen.add(AmountTooLarge.class);

        assertThat(seen).containsExactlyInAnyOrder(Rejection.class.getPermittedSubclasses());
    }

    @Test
    void commands_are_sent_again() {
        assertThat(DECISIONS).hasAtLeastOneElementOfType(Replayed.class);
    }

    @Test
    void usage_is_counted_wherever_it_can_be() {
        Set<Counted> seen = EnumSet.noneOf(Counted.class);
        of(TranscriptionRecorded.class).forEach(event -> seen.add(event.counted()));

        assertThat(seen).containsExactly(Counted.values());
    }

    @Test
    void holds_end_in_every_way_before_they_are_named() {
        Set<Settlement.Outcome> seen = EnumSet.noneOf(Settlement.Outcome.class);
        of(TranscriptionRecorded.class).stream()
                .filter(event -> event.settlement() != null)
                .forEach(event -> seen.add(event.settlement().outcome()));

        assertThat(seen).containsExactly(Settlement.Outcome.values());
    }

    @Test
    void charges_and_corrections_move_every_term() {
        assertThat(of(TranscriptionRecorded.class))
                .anyMatch(event -> !event.charge().fromBase().isZero())
                .anyMatch(event -> event.charge().fromOverage().size() > 1)
                .anyMatch(event -> !event.charge().uncovered().isZero());
        assertThat(of(TranscriptionCorrected.class))
                .anyMatch(event -> !event.charged().fromBase().isZero())
                .anyMatch(event -> !event.charged().fromOverage().isEmpty())
                .anyMatch(event -> !event.charged().uncovered().isZero())
                .anyMatch(event -> !event.givenBack().fromBase().isZero())
                .anyMatch(event -> event.givenBack().fromOverage().size() > 1)
                .anyMatch(event -> !event.givenBack().uncovered().isZero())
                .anyMatch(event -> !event.lapsed().isEmpty())
                .anyMatch(event -> !event.covered().isEmpty());
    }

    @Test
    void what_is_uncovered_gets_covered_and_thresholds_are_armed_again() {
        assertThat(of(OveragePurchased.class))
                .anyMatch(event -> !event.covered().isZero())
                .anyMatch(event -> !event.rearmed().isEmpty());
        assertThat(of(PlanChanged.class))
                .anyMatch(event -> !event.covered().isZero())
                .anyMatch(event -> !event.rearmed().isEmpty());
    }

    @Test
    void admission_is_granted_and_refused() {
        List<Decision> decisions = decisions(ADMISSION);

        assertThat(decisions)
                .anyMatch(decision ->
                        decision instanceof Accepted accepted && accepted.entry() instanceof MinutesReserved)
                .anyMatch(decision ->
                        decision instanceof Rejected rejected && rejected.reason() instanceof InsufficientMinutes);
    }

    @Test
    void corrected_histories_meet_every_exception() {
        Set<Verdict> seen = EnumSet.noneOf(Verdict.class);
        for (long seed = 1; seed <= HISTORIES; seed++) {
            List<OrganizationCommand> commands = RandomHistory.of(seed, CORRECTIONS);
            seen.add(new AsIf(commands, new SplittableRandom(seed)).compareAtOnce());
        }

        assertThat(seen).containsExactly(Verdict.values());
    }

    private static <E extends OrganizationEvent> List<E> of(Class<E> type) {
        return EVENTS.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static List<Decision> decisions(Mix mix) {
        List<Decision> decisions = new ArrayList<>();
        for (long seed = 1; seed <= HISTORIES; seed++) {
            Journal journal = new Journal();
            RandomHistory.of(seed, mix).forEach(command -> decisions.add(journal.send(command)));
        }
        return decisions;
    }
}
