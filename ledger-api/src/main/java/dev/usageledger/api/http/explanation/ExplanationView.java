package dev.usageledger.api.http.explanation;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.usageledger.api.http.answer.Entry;
import dev.usageledger.api.http.answer.Usage;
import dev.usageledger.engine.Explanation;
import dev.usageledger.engine.Explanation.Cause;
import dev.usageledger.engine.Explanation.Line;
import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.Figures;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.PeriodCalendar;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a balance has come about.
 *
 * @param usage the balance that is explained
 * @param next the cursor of the next page; {@code null} on the last one, whose last line comes to {@code usage}
 */
record ExplanationView(
        Usage usage, List<LineView> lines, @Nullable String next) {
    /**
     * A step of the way.
     *
     * @param event {@code null} for a sum, and for what is due and not recorded yet
     */
    record LineView(
            Instant at,
            String text,
            @Nullable EventReference event,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            TranscriptionId transcriptionId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            ReservationId reservationId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            PurchaseId purchaseId,

            FiguresView change,
            FiguresView balance) {
        static LineView of(Line line, PeriodCalendar calendar) {
            RecordedEvent recorded = ExplanationView.recorded(line.cause());
            OrganizationEvent event = ExplanationView.event(line.cause());
            Subject subject = event == null ? Subject.NONE : Subject.of(event);
            return new LineView(
                    line.at(),
                    LineText.of(line.cause(), calendar),
                    recorded == null ? null : EventReference.of(recorded, calendar),
                    subject.transcriptionId(),
                    subject.reservationId(),
                    subject.purchaseId(),
                    FiguresView.of(line.change()),
                    FiguresView.of(line.balance()));
        }
    }

    /** Where in the ledger the event of a line stands. */
    record EventReference(long sequence, long position, UUID eventId, String type) {
        static EventReference of(RecordedEvent recorded, PeriodCalendar calendar) {
            return new EventReference(
                    recorded.sequence(),
                    recorded.position(),
                    recorded.eventId(),
                    Entry.of(recorded.event(), calendar).type());
        }
    }

    record FiguresView(long base, long overage, long held, long used, long uncovered, List<PackView> packs) {
        static FiguresView of(Figures figures) {
            return new FiguresView(
                    figures.base(),
                    figures.overage(),
                    figures.held(),
                    figures.used(),
                    figures.uncovered(),
                    figures.packs().entrySet().stream()
                            .map(pack -> new PackView(pack.getKey(), pack.getValue()))
                            .sorted((a, b) -> a.purchaseId()
                                    .value()
                                    .compareTo(b.purchaseId().value()))
                            .toList());
        }
    }

    record PackView(PurchaseId purchaseId, long minutes) {}

    static ExplanationView of(Explanation explanation, @Nullable String next) {
        PeriodCalendar calendar = explanation.standing().balance().calendar();
        return new ExplanationView(
                Usage.of(explanation.standing()),
                explanation.lines().stream()
                        .map(line -> LineView.of(line, calendar))
                        .toList(),
                next);
    }

    private static @Nullable RecordedEvent recorded(Cause cause) {
        return switch (cause) {
            case Cause.BaseOfPeriod base -> base.recorded();
            case Cause.PackCarriedOver pack -> pack.recorded();
            case Cause.Happened happened -> happened.recorded();
            case Cause.HoldsCarriedOver holds -> null;
            case Cause.BroughtForward forward -> null;
            case Cause.Due due -> null;
        };
    }

    private static @Nullable OrganizationEvent event(Cause cause) {
        RecordedEvent recorded = recorded(cause);
        return cause instanceof Cause.Due due ? due.event() : recorded == null ? null : recorded.event();
    }

    /** What an event is about, of what callers have ids for. */
    private record Subject(
            @Nullable TranscriptionId transcriptionId,
            @Nullable ReservationId reservationId,
            @Nullable PurchaseId purchaseId) {
        static final Subject NONE = new Subject(null, null, null);

        static Subject of(OrganizationEvent event) {
            return switch (event) {
                case TranscriptionRecorded e -> new Subject(e.transcriptionId(), e.reservationId(), null);
                case TranscriptionCorrected e -> new Subject(e.transcriptionId(), null, null);
                case MinutesReserved e -> new Subject(null, e.reservationId(), null);
                case ReservationReleased e -> new Subject(null, e.reservationId(), null);
                case ReservationSettled e -> new Subject(e.transcriptionId(), e.reservationId(), null);
                case ReservationExpired e -> new Subject(null, e.reservationId(), null);
                case OveragePurchased e -> new Subject(null, null, e.purchaseId());
                case OverageRefunded e -> new Subject(null, null, e.purchaseId());
                case OveragePackExpired e -> new Subject(null, null, e.purchaseId());
                case OrganizationOpened e -> NONE;
                case PlanChanged e -> NONE;
                case PlanChangeScheduled e -> NONE;
                case MemberAdded e -> NONE;
                case MemberRemoved e -> NONE;
                case BillingPeriodRolled e -> NONE;
                case ThresholdReached e -> NONE;
            };
        }
    }
}
