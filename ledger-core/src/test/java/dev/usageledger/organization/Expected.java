package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Decision.Rejected;
import dev.usageledger.organization.Decision.Replayed;
import dev.usageledger.organization.OrganizationEvent.ThresholdReached;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Settlement;
import dev.usageledger.organization.Rejection.IdempotencyConflict;
import dev.usageledger.organization.Rejection.InsufficientMinutes;
import dev.usageledger.organization.Scenario.Expectation;
import dev.usageledger.organization.Scenario.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What came of a command, in words. */
final class Expected {
    private Expected() {}

    // --- figures, of a charge as of a balance

    /** A number of minutes and what it is a number of. */
    record Figure(String name, @Nullable Minutes minutes) {}

    static Figure base(long minutes) {
        return new Figure("base", Minutes.of(minutes));
    }

    static Figure overage(long minutes) {
        return new Figure("overage", Minutes.of(minutes));
    }

    static Figure pack(String purchaseId, long minutes) {
        return new Figure(purchaseId, Minutes.of(minutes));
    }

    static Figure uncovered(long minutes) {
        return new Figure("uncovered", Minutes.of(minutes));
    }

    static Figure held(long minutes) {
        return new Figure("held", Minutes.of(minutes));
    }

    static Figure remaining(long minutes) {
        return new Figure("remaining", Minutes.of(minutes));
    }

    static Figure used(long minutes) {
        return new Figure("used", Minutes.of(minutes));
    }

    static Figure capacity(long minutes) {
        return new Figure("capacity", Minutes.of(minutes));
    }

    static Figure shortBy(long minutes) {
        return new Figure("shortBy", Minutes.of(minutes));
    }

    /** A figure that an unlimited plan does not have. */
    static Figure no(Figure figure) {
        return new Figure(figure.name(), null);
    }

    // --- accepted

    static Expectation accepted() {
        return Expected::accepted;
    }

    /** Exactly these events, the command's own and what was due or followed. */
    static Expectation events(OrganizationEvent... events) {
        return outcome -> assertThat(accepted(outcome).events()).containsExactly(events);
    }

    /** Events of these types in this order and no others. */
    @SafeVarargs
    static Expectation eventsOf(Class<? extends OrganizationEvent>... types) {
        return outcome -> assertThat(accepted(outcome).events())
                .extracting(event -> (Object) event.getClass())
                .containsExactly((Object[]) types);
    }

    static Expectation noEvents() {
        return events();
    }

    /** The event that answers the command. */
    static Expectation answeredBy(@Nullable OrganizationEvent entry) {
        return outcome -> assertThat(accepted(outcome).entry()).isEqualTo(entry);
    }

    static Expectation charged(Figure... parts) {
        return outcome -> assertThat(
                        switch (accepted(outcome).entry()) {
                            case TranscriptionRecorded entry -> entry.charge();
                            case TranscriptionCorrected entry -> entry.charged();
                            case null, default -> throw new AssertionError("nothing was charged: " + outcome);
                        })
                .isEqualTo(charge(parts));
    }

    static Expectation gaveBack(Figure... parts) {
        return outcome -> assertThat(correction(outcome).givenBack()).isEqualTo(charge(parts));
    }

    static Expectation lapsed(Figure... packs) {
        return outcome -> assertThat(correction(outcome).lapsed()).isEqualTo(packCharges(packs));
    }

    static Expectation covered(Figure... packs) {
        return outcome -> assertThat(correction(outcome).covered()).isEqualTo(packCharges(packs));
    }

    static Expectation counted(Counted counted, long period) {
        return outcome -> {
            assertThat(recording(outcome).counted()).isEqualTo(counted);
            assertThat(recording(outcome).period()).isEqualTo(period);
        };
    }

    static Expectation settled(String reservationId, Settlement.Outcome settled) {
        return outcome -> assertThat(recording(outcome).settlement())
                .isEqualTo(new Settlement(new ReservationId(reservationId), settled));
    }

    /** Exactly these thresholds. */
    static Expectation reached(Integer... percents) {
        return outcome -> assertThat(accepted(outcome).events())
                .filteredOn(ThresholdReached.class::isInstance)
                .extracting(event -> ((ThresholdReached) event).percent())
                .containsExactly(percents);
    }

    // --- replayed and rejected

    /** The entry that the first send came to, and not a thing changed. */
    static Expectation replayed() {
        return outcome -> {
            assertThat(outcome.decision()).isInstanceOf(Replayed.class);
            OrganizationEvent entry = ((Replayed) outcome.decision()).entry();
            assertThat(outcome.history()).contains(entry);
            assertThat(entry.identity()).isEqualTo(outcome.command().identity());
        };
    }

    /** Already so: nothing had to change. */
    static Expectation replayed(OrganizationEvent entry) {
        return outcome -> assertThat(outcome.decision()).isEqualTo(new Replayed(entry));
    }

    static Expectation rejected(Rejection reason) {
        return outcome -> assertThat(outcome.decision()).isEqualTo(new Rejected(reason));
    }

    static Rejection conflict(String field, @Nullable Object original, @Nullable Object given) {
        return new IdempotencyConflict(field, original, given);
    }

    static Insufficient insufficient(long asked, Figure... figures) {
        return new Insufficient(Minutes.of(asked), List.of(figures), "");
    }

    /** Too few minutes, in the making: all its numbers have to be named. */
    record Insufficient(Minutes asked, List<Figure> figures, String renewal) {
        Insufficient renewing(String moment) {
            return new Insufficient(asked, figures, moment);
        }

        InsufficientMinutes advising(Action... actions) {
            return new InsufficientMinutes(
                    asked,
                    figure("remaining"),
                    figure("base"),
                    figure("overage"),
                    figure("held"),
                    figure("shortBy"),
                    Times.at(renewal),
                    List.of(actions));
        }

        private Minutes figure(String name) {
            return figures.stream()
                    .filter(figure -> figure.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " is not told"))
                    .minutes();
        }
    }

    static Action buy(long minutes) {
        return new Action.PurchaseMinutes(Minutes.of(minutes));
    }

    static Action waitUntil(String moment) {
        return new Action.WaitForRenewal(Times.at(moment));
    }

    static Action releasing(String... reservationIds) {
        return new Action.ReleaseReservations(
                Stream.of(reservationIds).map(ReservationId::new).toList());
    }

    // --- how it stands then

    /** These figures of the balance, as it stands then with all that is due. */
    static Expectation left(Figure... figures) {
        return outcome -> {
            for (Figure figure : figures) {
                assertThat(figureOf(outcome.balance(), figure.name()))
                        .as("%s after %s", figure.name(), outcome.command())
                        .isEqualTo(figure.minutes());
            }
        };
    }

    static Expectation status(Balance.Status status) {
        return outcome -> assertThat(outcome.balance().status()).isEqualTo(status);
    }

    /** The period that is current then. */
    static Expectation inPeriod(String start, String end) {
        return outcome -> {
            assertThat(outcome.balance().period().start()).isEqualTo(Times.at(start));
            assertThat(outcome.balance().period().end()).isEqualTo(Times.at(end));
        };
    }

    /** Used minutes on the statement of the period just closed. */
    static Expectation closedStatement(Figure... figures) {
        return outcome -> {
            PeriodAccount closed =
                    ((Organization.Open) outcome.after()).periods().previous();
            assertThat(new Charge(closed.fromBase(), List.of(), closed.uncovered()))
                    .isEqualTo(new Charge(sum(figures, "base"), List.of(), sum(figures, "uncovered")));
            assertThat(closed.overageUsed()).isEqualTo(sum(figures, "overage"));
        };
    }

    private static @Nullable Minutes figureOf(Balance balance, String name) {
        return switch (name) {
            case "base" -> balance.baseRemaining();
            case "overage" -> balance.overageRemaining();
            case "held" -> balance.held();
            case "remaining" -> balance.remaining();
            case "used" -> balance.used();
            case "uncovered" -> balance.uncovered();
            case "capacity" -> balance.capacity();
            default ->
                balance.packs().stream()
                        .filter(pack -> pack.purchaseId().value().equals(name))
                        .findFirst()
                        .map(OveragePack::remaining)
                        .orElse(Minutes.ZERO);
        };
    }

    private static Charge charge(Figure... parts) {
        Figure[] packs = Arrays.stream(parts)
                .filter(part -> !part.name().equals("base") && !part.name().equals("uncovered"))
                .toArray(Figure[]::new);
        return new Charge(sum(parts, "base"), packCharges(packs), sum(parts, "uncovered"));
    }

    private static List<PackCharge> packCharges(Figure... packs) {
        return Stream.of(packs)
                .map(pack -> new PackCharge(new PurchaseId(pack.name()), pack.minutes()))
                .toList();
    }

    private static Minutes sum(Figure[] figures, String name) {
        return Stream.of(figures)
                .filter(figure -> figure.name().equals(name))
                .map(Figure::minutes)
                .reduce(Minutes.ZERO, Minutes::plus);
    }

    private static Accepted accepted(Outcome outcome) {
        assertThat(outcome.decision()).isInstanceOf(Accepted.class);
        return (Accepted) outcome.decision();
    }

    private static TranscriptionRecorded recording(Outcome outcome) {
        return (TranscriptionRecorded) accepted(outcome).entry();
    }

    private static TranscriptionCorrected correction(Outcome outcome) {
        return (TranscriptionCorrected) accepted(outcome).entry();
    }
}
