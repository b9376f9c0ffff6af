package dev.usageledger.api.http.explanation;

import dev.usageledger.engine.Explanation.Cause;
import dev.usageledger.organization.Charge;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.PackCharge;
import dev.usageledger.organization.PeriodCalendar;
import dev.usageledger.organization.Plan;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a line of an explanation says, in words for the customer. */
final class LineText {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);

    private final PeriodCalendar calendar;

    private LineText(PeriodCalendar calendar) {
        this.calendar = calendar;
    }

    static String of(Cause cause, PeriodCalendar calendar) {
        return new LineText(calendar).of(cause);
    }

    private String of(Cause cause) {
        return switch (cause) {
            case Cause.BaseOfPeriod base ->
                "Base minutes of plan %s, %s to %s"
                        .formatted(
                                plan(base.plan()),
                                date(base.period().start()),
                                date(base.period().end()));
            case Cause.PackCarriedOver carried ->
                "Pack %s, bought %s: %s of %s unspent"
                        .formatted(
                                carried.pack().purchaseId(),
                                date(carried.recorded().event().recordedAt()),
                                carried.pack().remaining(),
                                minutes(carried.pack().minutes()));
            case Cause.HoldsCarriedOver holds -> "Held by " + holds.holds() + " uploads in flight";
            case Cause.BroughtForward forward -> "Brought forward";
            case Cause.Happened happened -> of(happened.recorded().event());
            case Cause.Due due -> of(due.event());
        };
    }

    private String of(OrganizationEvent event) {
        return switch (event) {
            case OrganizationOpened e -> "Ledger opened on plan " + plan(e.plan());
            case PlanChanged e -> "Plan is now " + plan(e.plan()) + covering(e.covered());
            case PlanChangeScheduled e -> "Plan " + plan(e.plan()) + " from " + date(e.dueAt());
            case MemberAdded e -> "Member " + e.userId() + " added";
            case MemberRemoved e -> "Member " + e.userId() + " removed";
            case MinutesReserved e -> "Held for upload " + e.reservationId() + ": " + minutes(e.minutes());
            case ReservationReleased e -> "Hold " + e.reservationId() + " released";
            case ReservationSettled e -> "Hold " + e.reservationId() + " ended by transcription " + e.transcriptionId();
            case ReservationExpired e -> "Hold " + e.reservationId() + " expired";
            case TranscriptionRecorded e -> recorded(e);
            case TranscriptionCorrected e -> corrected(e);
            case OveragePurchased e ->
                "Pack " + e.purchaseId() + " bought: " + minutes(e.minutes()) + covering(e.covered());
            case OverageRefunded e -> "Refund of " + minutes(e.minutes()) + " of pack " + e.purchaseId();
            case OveragePackExpired e -> "Pack " + e.purchaseId() + " expired: " + minutes(e.minutes()) + " lapsed";
            case BillingPeriodRolled e -> "Period ended: " + minutes(e.lapsed()) + " of base lapsed";
            case ThresholdReached e -> e.percent() + " % used";
        };
    }

    private String recorded(TranscriptionRecorded e) {
        String what = "%s: %s%s".formatted(e.transcriptionId(), minutes(e.minutes()), paidBy(e.charge()));
        return switch (e.counted()) {
            case CURRENT_PERIOD -> "Transcription " + what;
            case CLOSED_PERIOD ->
                "Late transcription of %s, counted in the period just closed, %s".formatted(date(e.occurredAt()), what);
            case LATE_IN_CURRENT_PERIOD ->
                "Late transcription of %s, too late for its own period, %s".formatted(date(e.occurredAt()), what);
        };
    }

    private String corrected(TranscriptionCorrected e) {
        String change = "Correction of transcription %s from %s to %s (%s)"
                .formatted(e.transcriptionId(), e.before(), minutes(e.minutes()), e.reason());
        return change
                + paidBy(e.charged())
                + (e.givenBack().total().isZero() ? "" : ", given back: " + String.join(", ", parts(e.givenBack())))
                + (e.lapsed().isEmpty() ? "" : ", lapsed: " + String.join(", ", packs(e.lapsed())))
                + (e.covered().isEmpty() ? "" : ", covering uncovered usage: " + String.join(", ", packs(e.covered())));
    }

    private static String covering(Minutes covered) {
        return covered.isZero() ? "" : ", covering " + minutes(covered) + " of uncovered usage";
    }

    private static String paidBy(Charge charge) {
        return charge.total().isZero() ? "" : ", from " + String.join(", ", parts(charge));
    }

    private static List<String> parts(Charge charge) {
        List<String> parts = new ArrayList<>();
        if (!charge.fromBase().isZero()) {
            parts.add("base " + charge.fromBase());
        }
        parts.addAll(packs(charge.fromOverage()));
        if (!charge.uncovered().isZero()) {
            parts.add("uncovered " + charge.uncovered());
        }
        return parts;
    }

    private static List<String> packs(List<PackCharge> charges) {
        return charges.stream()
                .map(charge -> "pack " + charge.purchaseId() + " " + charge.minutes())
                .toList();
    }

    private static String plan(Plan plan) {
        Minutes included = plan.includedMinutes();
        return plan.code() + (included == null ? " (unlimited)" : " (" + included + " a period)");
    }

    private static String minutes(Minutes minutes) {
        return minutes + (minutes.value() == 1 ? " minute" : " minutes");
    }

    private String date(Instant instant) {
        return DATE.format(instant.atZone(calendar.zone()));
    }
}
