package dev.usageledger.organization;

import static dev.usageledger.organization.RandomHistory.Mix.ADMISSION;
import static dev.usageledger.organization.RandomHistory.Mix.CORRECTIONS;
import static dev.usageledger.organization.RandomHistory.Mix.EVERYTHING;
import static dev.usageledger.organization.RandomHistory.Mix.FORWARD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.AsIf.Verdict;
import dev.usageledger.organization.Books.Statement;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Decision.Rejected;
import dev.usageledger.organization.Decision.Replayed;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationCommand.ReleaseReservation;
import dev.usageledger.organization.OrganizationCommand.RollBillingPeriod;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.OveragePurchased;
import dev.usageledger.organization.OrganizationEvent.PlanChanged;
import dev.usageledger.organization.OrganizationEvent.ThresholdReached;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.Rejection.ReservationNotFound;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is true of every history, whatever was asked and in whatever order. */
class LawsTest {
    private static final ReservationId NOWHERE = new ReservationId("nowhere");

    /** Law 1. */
    @Test
    void a_replay_gives_the_live_organization_at_every_prefix() {
        Histories.of(EVERYTHING).each((commands, random) -> {
            Journal journal = new Journal();
            Organization replayed = Organization.NOT_OPENED;
            for (OrganizationCommand command : commands) {
                if (journal.send(command) instanceof Accepted accepted) {
                    for (OrganizationEvent event : accepted.events()) {
                        replayed = OrganizationDecider.evolve(replayed, event);
                    }
                }
                assertThat(replayed).isEqualTo(journal.organization());
            }
            assertThat(Journal.replay(journal.events())).isEqualTo(journal.organization());
        });
    }

    /** Law 2, its first half. */
    @Test
    void a_roll_changes_no_pack() {
        Histories.of(EVERYTHING).each((commands, random) -> {
            Organization organization = Organization.NOT_OPENED;
            for (OrganizationEvent event : told(commands).events()) {
                Organization before = organization;
                organization = OrganizationDecider.evolve(organization, event);
                if (event instanceof BillingPeriodRolled) {
                    assertThat(((Open) organization).overage()).isEqualTo(((Open) before).overage());
                }
            }
        });
    }

    /** Law 2, its second half. */
    @Test
    void every_minute_bought_is_spent_or_unspent_or_refunded_or_expired() {
        Histories.of(EVERYTHING)
                .each((commands, random) -> eachStep(commands, (books, organization) -> {
                    books.packs().forEach((purchaseId, pack) -> {
                        assertThat(List.of(pack.spent, pack.refunded, pack.expired, pack.unspent()))
                                .allMatch(minutes -> minutes >= 0);
                        assertThat(unspent(organization, purchaseId)).isEqualTo(pack.unspent());
                    });
                    assertThat(organization.overage().remaining().value()).isEqualTo(books.unspent());
                }));
    }

    /** Law 3. */
    @Test
    void used_is_base_spent_and_overage_spent_and_uncovered() {
        Histories.of(EVERYTHING)
                .each((commands, random) -> eachStep(commands, (books, organization) -> {
                    for (Statement statement : books.statements()) {
                        assertThat(statement.used())
                                .isEqualTo(statement.base + statement.overage + statement.uncovered);
                        assertThat(List.of(statement.base, statement.overage, statement.uncovered))
                                .allMatch(minutes -> minutes >= 0);
                    }
                    assertAgrees(organization.periods().current(), books);
                    if (organization.periods().previous() != null) {
                        assertAgrees(organization.periods().previous(), books);
                    }
                }));
    }

    /** Law 4. */
    @Test
    void admission_under_a_hard_plan_never_sells_more_than_there_is() {
        Histories.of(ADMISSION)
                .each((commands, random) -> eachStep(commands, (books, organization) -> {
                    Statement statement = books.statement();
                    long spentByOtherPeriods = books.spent() - statement.overage;
                    long capacity = included(commands) + books.bought() - spentByOtherPeriods;

                    assertThat(books.held() + statement.used()).isLessThanOrEqualTo(capacity);
                    assertThat(books.statements()).allMatch(any -> any.uncovered == 0);
                }));
    }

    /** Law 5. */
    @Test
    void a_command_sent_many_times_is_the_command_sent_once() {
        Histories.of(EVERYTHING).each((commands, random) -> {
            Journal once = new Journal();
            Journal often = new Journal();
            List<OrganizationCommand> accepted = new ArrayList<>();
            for (OrganizationCommand command : commands) {
                Decision first = once.send(command);
                assertThat(often.send(command)).isEqualTo(first);
                for (int i = random.nextInt(3); i > 0; i--) {
                    assertChangesNothing(often, command, first);
                }
                if (first instanceof Accepted && command.identity() != null) {
                    accepted.add(command);
                }
                if (!accepted.isEmpty()) {
                    assertIsReplay(often, Resent.at(command.receivedAt(), anyOf(accepted, random)));
                }
            }
            assertThat(often.events()).isEqualTo(once.events());
            assertThat(often.organization()).isEqualTo(once.organization());
        });
    }

    /** Law 6. */
    @Test
    void splitting_time_otherwise_gives_the_same_at_every_instant() {
        Histories.of(FORWARD).each((commands, random) -> {
            Journal plain = new Journal();
            Journal split = new Journal();
            List<OrganizationCommand> accepted = new ArrayList<>();
            for (OrganizationCommand command : commands) {
                Instant now = command.receivedAt();
                sendThisAndThatBefore(now, accepted, split, random);
                Decision decision = plain.send(command);
                assertThat(split.send(command).getClass()).isEqualTo(decision.getClass());
                if (decision instanceof Accepted && command.identity() != null) {
                    accepted.add(command);
                }
                assertSameAt(now, plain, split);
                assertSameAt(now.plusSeconds(random.nextInt(100 * 24 * 3600)), plain, split);
            }
            RollBillingPeriod last = rollAt(commands.getLast().receivedAt());
            plain.send(last);
            split.send(last);
            assertThat(split.events())
                    .extracting(LawsTest::withoutRecordedAt)
                    .isEqualTo(plain.events().stream()
                            .map(LawsTest::withoutRecordedAt)
                            .toList());
        });
    }

    /** Law 7, at the moment of the correction. Its exceptions are those of {@link Verdict}. */
    @Test
    void a_correction_leaves_used_and_remaining_as_if_it_had_been_recorded_so() {
        Histories.of(CORRECTIONS)
                .eachThatIsConcerned((commands, random) -> new AsIf(commands, random).compareAtOnce() == Verdict.SAME);
    }

    /** Law 7, ever after. */
    @Test
    void a_corrected_history_goes_on_like_the_one_that_was_right_from_the_start() {
        Histories.of(CORRECTIONS)
                .eachThatIsConcerned(
                        (commands, random) -> new AsIf(commands, random).compareEverAfter() == Verdict.SAME);
    }

    /** Whoever keeps the events may rely on it, and tell by it what has been recorded before. */
    @Test
    void no_two_events_of_an_organization_have_the_same_identity() {
        Histories.of(EVERYTHING)
                .each((commands, random) -> assertThat(told(commands).events().stream()
                                .map(OrganizationEvent::identity)
                                .filter(Objects::nonNull)
                                .toList())
                        .doesNotHaveDuplicates());
    }

    @Test
    void recorded_time_never_runs_backwards_and_nothing_is_recorded_before_it_happens() {
        Histories.of(EVERYTHING).each((commands, random) -> {
            List<OrganizationEvent> events = told(commands).events();
            assertThat(events).extracting(OrganizationEvent::recordedAt).isSorted();
            assertThat(events).allMatch(event -> !event.effectiveAt().isAfter(event.recordedAt()));
        });
    }

    @Test
    void a_threshold_is_never_missed_and_announced_again_only_after_it_was_armed_again() {
        Histories.of(EVERYTHING).each((commands, random) -> {
            Journal journal = new Journal();
            Set<Integer> announced = new HashSet<>();
            for (OrganizationCommand command : commands) {
                if (journal.send(command) instanceof Accepted accepted) {
                    accepted.events().forEach(event -> announce(event, announced));
                    assertThat(announced).containsAll(reached(accepted.organization()));
                    if (accepted.entry() instanceof OveragePurchased || accepted.entry() instanceof PlanChanged) {
                        assertThat(announced).isEqualTo(reached(accepted.organization()));
                    }
                }
            }
        });
    }

    @Test
    void usage_that_asks_to_be_refused_for_lack_of_minutes_is_never_uncovered_under_a_hard_plan() {
        Histories.of(EVERYTHING).each((commands, random) -> {
            Journal journal = new Journal();
            for (OrganizationCommand command : commands) {
                if (journal.send(command) instanceof Accepted accepted
                        && command instanceof RecordTranscription asked
                        && asked.onInsufficient() == OnInsufficient.REJECT
                        && accepted.organization().periods().plan().limit() == Plan.Limit.HARD) {
                    assertThat(((TranscriptionRecorded) accepted.entry())
                                    .charge()
                                    .uncovered())
                            .isEqualTo(Minutes.ZERO);
                }
            }
        });
    }

    /** What holds after every command, of the books and of the live organization. */
    private interface Invariant {
        void check(Books books, Open organization);
    }

    private static void eachStep(List<OrganizationCommand> commands, Invariant invariant) {
        Journal journal = new Journal();
        Books books = new Books();
        for (OrganizationCommand command : commands) {
            if (journal.send(command) instanceof Accepted accepted) {
                accepted.events().forEach(books::enter);
                invariant.check(books, accepted.organization());
            }
        }
    }

    private static Journal told(List<OrganizationCommand> commands) {
        Journal journal = new Journal();
        commands.forEach(journal::send);
        return journal;
    }

    private static long unspent(Open organization, PurchaseId purchaseId) {
        return organization
                .overage()
                .pack(purchaseId)
                .map(pack -> pack.remaining().value())
                .orElse(0L);
    }

    private static void assertAgrees(PeriodAccount account, Books books) {
        Statement statement = books.statement(account.period().index());
        assertThat(account.used().value()).isEqualTo(statement.used());
        assertThat(account.fromBase().value()).isEqualTo(statement.base);
        assertThat(account.overageUsed().value()).isEqualTo(statement.overage);
        assertThat(account.uncovered().value()).isEqualTo(statement.uncovered);
    }

    private static void announce(OrganizationEvent event, Set<Integer> announced) {
        switch (event) {
            case ThresholdReached e -> assertThat(announced.add(e.percent())).isTrue();
            case OveragePurchased e -> e.rearmed().forEach(announced::remove);
            case PlanChanged e -> e.rearmed().forEach(announced::remove);
            case BillingPeriodRolled e -> announced.clear();
            default -> {}
        }
    }

    private static Set<Integer> reached(Open organization) {
        Balance balance = Balance.of(organization, LedgerPolicy.STANDARD);
        long used = balance.used().value();
        return LedgerPolicy.STANDARD.thresholds().stream()
                .filter(percent -> balance.capacity() != null
                        && used > 0
                        && used * 100 >= percent * balance.capacity().value())
                .collect(Collectors.toSet());
    }

    private static long included(List<OrganizationCommand> commands) {
        return commands.stream()
                .filter(OpenOrganization.class::isInstance)
                .map(command ->
                        ((OpenOrganization) command).plan().includedMinutes().value())
                .findFirst()
                .orElseThrow();
    }

    private static void assertChangesNothing(Journal journal, OrganizationCommand command, Decision first) {
        Organization before = journal.organization();
        switch (journal.send(command)) {
            case Accepted again -> assertThat(again.events()).isEmpty();
            case Replayed again -> {}
            case Rejected again -> assertThat(again).isEqualTo(first);
        }
        assertThat(journal.organization()).isEqualTo(before);
    }

    private static void assertIsReplay(Journal journal, OrganizationCommand command) {
        OrganizationEvent original = journal.events().stream()
                .filter(event -> command.identity().equals(event.identity()))
                .findFirst()
                .orElseThrow();
        assertThat(journal.send(command)).isEqualTo(new Replayed(original));
    }

    /** A scheduler that comes in time, late, or never, and callers whose commands are refused or are replays. */
    private static void sendThisAndThatBefore(
            Instant now, List<OrganizationCommand> accepted, Journal journal, SplittableRandom random) {
        while (journal.isOpen() && random.nextInt(4) > 0) {
            Instant due = journal.open().nextDueAt();
            Instant since = journal.open().recordedUpTo();
            Instant between = since.plusSeconds(random.nextLong(1 + now.getEpochSecond() - since.getEpochSecond()));
            switch (random.nextInt(4)) {
                case 0 -> journal.send(rollAt(due.isAfter(now) ? now : due));
                case 1 -> journal.send(rollAt(between));
                case 2 ->
                    assertThat(journal.send(new ReleaseReservation(Scenario.ACME, between, NOWHERE)))
                            .isEqualTo(new Rejected(new ReservationNotFound(NOWHERE)));
                default -> assertIsReplay(journal, Resent.at(between, anyOf(accepted, random)));
            }
        }
    }

    private static void assertSameAt(Instant at, Journal one, Journal other) {
        if (one.isOpen()) {
            assertThat(other.openAt(at).recordedAt(Instant.EPOCH))
                    .isEqualTo(one.openAt(at).recordedAt(Instant.EPOCH));
            assertThat(other.balanceAt(at)).isEqualTo(one.balanceAt(at));
        }
    }

    private static RollBillingPeriod rollAt(Instant at) {
        return new RollBillingPeriod(Scenario.ACME, at);
    }

    private static OrganizationCommand anyOf(List<OrganizationCommand> commands, SplittableRandom random) {
        return commands.get(random.nextInt(commands.size()));
    }

    private static String withoutRecordedAt(OrganizationEvent event) {
        return event.toString().replaceFirst("recordedAt=[^,]*", "");
    }
}
