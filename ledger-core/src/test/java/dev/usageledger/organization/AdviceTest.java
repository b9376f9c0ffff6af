package dev.usageledger.organization;

import static dev.usageledger.organization.RandomHistory.Mix.EVERYTHING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.Action.PurchaseMinutes;
import dev.usageledger.organization.Action.ReleaseReservations;
import dev.usageledger.organization.Action.WaitForRenewal;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Decision.Rejected;
import dev.usageledger.organization.OrganizationCommand.PurchaseOverage;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.ReleaseReservation;
import dev.usageledger.organization.Rejection.InsufficientMinutes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A caller who is refused for lack of minutes and does what is advised is not refused again. */
class AdviceTest {
    @Test
    void buying_what_is_advised_is_enough_and_a_minute_less_is_not() {
        eachRefusal((journal, command, refusal) -> {
            Minutes advised = ((PurchaseMinutes) refusal.actions().getFirst()).minutes();

            assertThat(isAcceptedAfterBuying(advised, command, journal)).isTrue();
            if (advised.exceeds(Minutes.of(1))) {
                assertThat(isAcceptedAfterBuying(advised.minus(Minutes.of(1)), command, journal))
                        .isFalse();
            }
        });
    }

    @Test
    void waiting_is_advised_when_it_is_enough_and_only_then() {
        eachRefusal((journal, command, refusal) -> {
            boolean advised = refusal.actions().contains(new WaitForRenewal(refusal.renewsAt()));
            Decision later = journal.copy().send(Resent.at(refusal.renewsAt(), command));

            assertThat(later instanceof Accepted).isEqualTo(advised);
        });
    }

    @Test
    void releasing_is_advised_when_it_is_enough_and_only_then() {
        eachRefusal((journal, command, refusal) -> {
            List<ReservationId> advised = refusal.actions().stream()
                    .filter(ReleaseReservations.class::isInstance)
                    .flatMap(action -> ((ReleaseReservations) action).ids().stream())
                    .toList();
            List<ReservationId> all = othersHolds(journal, command);

            if (advised.isEmpty()) {
                assertThat(isAcceptedAfterReleasing(all, command, journal)).isFalse();
            } else {
                assertThat(all.subList(0, advised.size()))
                        .as("first to expire first")
                        .isEqualTo(advised);
                assertThat(isAcceptedAfterReleasing(advised, command, journal)).isTrue();
                assertThat(isAcceptedAfterReleasing(advised.subList(0, advised.size() - 1), command, journal))
                        .isFalse();
            }
        });
    }

    @Test
    void the_numbers_of_a_refusal_agree() {
        eachRefusal((journal, command, refusal) -> {
            assertThat(refusal.remaining().plus(refusal.shortBy())).isEqualTo(refusal.requested());
            assertThat(refusal.shortBy().isZero()).isFalse();
            assertThat(refusal.remaining().exceeds(refusal.base().plus(refusal.overage())))
                    .isFalse();
            assertThat(refusal.remaining())
                    .isGreaterThanOrEqualTo(
                            refusal.base().plus(refusal.overage()).lessAtMost(refusal.held()));
        });
    }

    private interface Check {
        void check(Journal journal, OrganizationCommand command, InsufficientMinutes refusal);
    }

    private static void eachRefusal(Check check) {
        Histories.of(EVERYTHING).each((commands, random) -> {
            Journal journal = new Journal();
            for (OrganizationCommand command : commands) {
                if (journal.send(command) instanceof Rejected rejected
                        && rejected.reason() instanceof InsufficientMinutes refusal) {
                    check.check(journal, command, refusal);
                }
            }
        });
    }

    private static boolean isAcceptedAfterBuying(Minutes minutes, OrganizationCommand command, Journal journal) {
        Journal copy = journal.copy();
        copy.send(new PurchaseOverage(
                Scenario.ACME, command.receivedAt(), new PurchaseId("advised"), minutes, null, null));
        return copy.send(command) instanceof Accepted;
    }

    private static boolean isAcceptedAfterReleasing(
            List<ReservationId> holds, OrganizationCommand command, Journal journal) {
        Journal copy = journal.copy();
        holds.forEach(hold -> copy.send(new ReleaseReservation(Scenario.ACME, command.receivedAt(), hold)));
        return copy.send(command) instanceof Accepted;
    }

    private static List<ReservationId> othersHolds(Journal journal, OrganizationCommand command) {
        ReservationId own = ownHold(command);
        Stream<ReservationId> holds =
                journal.openAt(command.receivedAt()).holds().open().stream().map(Hold::reservationId);
        return holds.filter(hold -> !hold.equals(own)).toList();
    }

    private static @Nullable ReservationId ownHold(OrganizationCommand command) {
        return command instanceof RecordTranscription recording ? recording.reservationId() : null;
    }
}
