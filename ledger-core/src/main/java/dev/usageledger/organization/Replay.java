package dev.usageledger.organization;

import dev.usageledger.organization.Decision.Rejected;
import dev.usageledger.organization.Decision.Replayed;
import dev.usageledger.organization.OrganizationCommand.*;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.Rejection.AlreadyExpired;
import dev.usageledger.organization.Rejection.AlreadySettled;
import dev.usageledger.organization.Rejection.IdempotencyConflict;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command under an identifier that is taken. With the same content it is a replay, with other content a conflict that
 * names the first field that differs. Content is what the caller gave: a defaulted {@code occurredAt} is not.
 */
final class Replay {
    private Replay() {}

    static Decision of(OrganizationCommand command, OrganizationEvent original) {
        return switch (original) {
            case ReservationSettled e
            when command instanceof ReleaseReservation ->
                new Rejected(new AlreadySettled(e.reservationId(), e.recordedAt(), e.transcriptionId()));
            case ReservationExpired e
            when command instanceof ReleaseReservation ->
                new Rejected(new AlreadyExpired(e.reservationId(), e.expiredAt()));
            default ->
                contents(command, original).stream()
                        .filter(Content::differs)
                        .findFirst()
                        .<Decision>map(content -> new Rejected(content.conflict()))
                        .orElseGet(() -> new Replayed(original));
        };
    }

    private static List<Content> contents(OrganizationCommand command, OrganizationEvent original) {
        return switch (command) {
            case OpenOrganization c -> contents(c, (OrganizationOpened) original);
            case ChangePlan c
            when original instanceof PlanChangeScheduled e -> contents(c, e.plan(), ChangePlan.Effective.NEXT_PERIOD);
            case ChangePlan c -> contents(c, ((PlanChanged) original).plan(), ChangePlan.Effective.NOW);
            case ReserveMinutes c -> contents(c, (MinutesReserved) original);
            case ReleaseReservation c -> List.of();
            case RecordTranscription c -> contents(c, (TranscriptionRecorded) original);
            case CorrectTranscription c -> contents(c, (TranscriptionCorrected) original);
            case PurchaseOverage c -> contents(c, (OveragePurchased) original);
            case RefundOverage c -> contents(c, (OverageRefunded) original);
            case AddMember c -> throw hasNoIdentity(c);
            case RemoveMember c -> throw hasNoIdentity(c);
            case RollBillingPeriod c -> throw hasNoIdentity(c);
        };
    }

    private static List<Content> contents(OpenOrganization c, OrganizationOpened e) {
        return List.of(
                new Content("name", e.name(), c.name()),
                new Content("plan.code", e.plan().code(), c.plan().code()),
                new Content(
                        "plan.includedMinutes",
                        e.plan().includedMinutes(),
                        c.plan().includedMinutes()),
                new Content("plan.limit", e.plan().limit(), c.plan().limit()),
                new Content("zone", e.zone(), c.zone()),
                new Content("periodAnchor", e.periodAnchor(), c.periodAnchor()));
    }

    private static List<Content> contents(ChangePlan c, Plan original, ChangePlan.Effective effective) {
        return List.of(
                new Content("plan.code", original.code(), c.plan().code()),
                new Content(
                        "plan.includedMinutes",
                        original.includedMinutes(),
                        c.plan().includedMinutes()),
                new Content("plan.limit", original.limit(), c.plan().limit()),
                new Content("effective", effective, c.effective()));
    }

    private static List<Content> contents(ReserveMinutes c, MinutesReserved e) {
        return List.of(
                new Content("minutes", e.minutes(), c.minutes()),
                new Content("ttl", e.ttl(), c.ttl()),
                new Content("userId", e.userId(), c.userId()));
    }

    private static List<Content> contents(RecordTranscription c, TranscriptionRecorded e) {
        return List.of(
                new Content("durationSeconds", e.durationSeconds(), c.durationSeconds()),
                new Content("minutes", e.minutes(), c.minutes()),
                new Content("occurredAt", e.occurredAtGiven() ? e.occurredAt() : null, c.occurredAt()),
                new Content("userId", e.userId(), c.userId()),
                new Content("reservationId", e.reservationId(), c.reservationId()));
    }

    private static List<Content> contents(CorrectTranscription c, TranscriptionCorrected e) {
        return List.of(
                new Content("transcriptionId", e.transcriptionId(), c.transcriptionId()),
                new Content("minutes", e.minutes(), c.minutes()),
                new Content("reason", e.reason(), c.reason()));
    }

    private static List<Content> contents(PurchaseOverage c, OveragePurchased e) {
        return List.of(
                new Content("minutes", e.minutes(), c.minutes()),
                new Content("expiresAt", e.expiresAt(), c.expiresAt()),
                new Content("price", e.price(), c.price()));
    }

    private static List<Content> contents(RefundOverage c, OverageRefunded e) {
        return List.of(
                new Content("purchaseId", e.purchaseId(), c.purchaseId()),
                new Content("minutes", e.minutesGiven() ? e.minutes() : null, c.minutes()));
    }

    private static IllegalStateException hasNoIdentity(OrganizationCommand command) {
        return new IllegalStateException(command.getClass().getSimpleName() + " has no identity to be replayed under");
    }

    private record Content(
            String field,
            @Nullable Object original,
            @Nullable Object given) {
        boolean differs() {
            return !Objects.equals(original, given);
        }

        IdempotencyConflict conflict() {
            return new IdempotencyConflict(field, original, given);
        }
    }
}
