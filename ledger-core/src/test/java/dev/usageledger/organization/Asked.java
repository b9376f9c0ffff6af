package dev.usageledger.organization;

import static dev.usageledger.organization.Scenario.ACME;

import dev.usageledger.organization.OrganizationCommand.*;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.Scenario.Ask;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * The commands in words. Each comes twice, as what is asked and as what was: {@code when(reserve("r1", 70))}, {@code
 * given(reserved("r1", 70))}.
 */
final class Asked {
    private Asked() {}

    // --- plans

    /** A HARD plan. */
    static Plan including(long minutes) {
        return new Plan("team", Minutes.of(minutes), Plan.Limit.HARD);
    }

    static Plan soft(Plan plan) {
        return new Plan(plan.code(), plan.includedMinutes(), Plan.Limit.SOFT);
    }

    static Plan unlimited() {
        return new Plan("enterprise", null, Plan.Limit.HARD);
    }

    // --- the organization, its plan and its members

    static Opening open(Plan plan) {
        return new Opening("Acme", plan, ZoneId.of("UTC"), LocalDateTime.parse("2026-02-01T00:00"));
    }

    static Opening opened(Plan plan) {
        return open(plan);
    }

    static Changing changePlan(String changeId, Plan plan) {
        return new Changing(changeId, plan, Effective.NOW);
    }

    static Changing changedPlan(String changeId, Plan plan) {
        return changePlan(changeId, plan);
    }

    static Ask add(String userId) {
        return at -> new AddMember(ACME, at, new UserId(userId));
    }

    static Ask added(String userId) {
        return add(userId);
    }

    static Ask remove(String userId) {
        return at -> new RemoveMember(ACME, at, new UserId(userId));
    }

    static Ask removed(String userId) {
        return remove(userId);
    }

    // --- holds

    static Reserving reserve(String reservationId, long minutes) {
        return new Reserving(reservationId, minutes, ReserveMinutes.DEFAULT_TTL, null);
    }

    static Reserving reserved(String reservationId, long minutes) {
        return reserve(reservationId, minutes);
    }

    static Ask release(String reservationId) {
        return at -> new ReleaseReservation(ACME, at, new ReservationId(reservationId));
    }

    static Ask released(String reservationId) {
        return release(reservationId);
    }

    // --- usage

    static Recording record(String transcriptionId, long minutes) {
        return new Recording(transcriptionId, Minutes.of(minutes), null, null, null, null, OnInsufficient.RECORD);
    }

    static Recording recorded(String transcriptionId, long minutes) {
        return record(transcriptionId, minutes);
    }

    static Recording recordSeconds(String transcriptionId, long seconds) {
        return new Recording(
                transcriptionId, Minutes.ofSeconds(seconds), seconds, null, null, null, OnInsufficient.RECORD);
    }

    static Recording recordedSeconds(String transcriptionId, long seconds) {
        return recordSeconds(transcriptionId, seconds);
    }

    static Correcting correct(String correctionId, String transcriptionId, long minutes) {
        return new Correcting(correctionId, transcriptionId, minutes, "measured again");
    }

    static Correcting corrected(String correctionId, String transcriptionId, long minutes) {
        return correct(correctionId, transcriptionId, minutes);
    }

    // --- overage

    static Purchasing purchase(String purchaseId, long minutes) {
        return new Purchasing(purchaseId, minutes, null, null);
    }

    static Purchasing purchased(String purchaseId, long minutes) {
        return purchase(purchaseId, minutes);
    }

    static Ask refund(String refundId, String purchaseId, long minutes) {
        return at ->
                new RefundOverage(ACME, at, new RefundId(refundId), new PurchaseId(purchaseId), Minutes.of(minutes));
    }

    static Ask refunded(String refundId, String purchaseId, long minutes) {
        return refund(refundId, purchaseId, minutes);
    }

    static Ask refundAll(String refundId, String purchaseId) {
        return at -> new RefundOverage(ACME, at, new RefundId(refundId), new PurchaseId(purchaseId), null);
    }

    static Ask refundedAll(String refundId, String purchaseId) {
        return refundAll(refundId, purchaseId);
    }

    // --- time

    static Ask roll() {
        return at -> new RollBillingPeriod(ACME, at);
    }

    static Ask rolled() {
        return roll();
    }

    // --- commands with details

    record Opening(String name, Plan plan, ZoneId zone, LocalDateTime anchor) implements Ask {
        Opening named(String other) {
            return new Opening(other, plan, zone, anchor);
        }

        Opening in(String otherZone) {
            return new Opening(name, plan, ZoneId.of(otherZone), anchor);
        }

        Opening anchored(String otherAnchor) {
            return new Opening(name, plan, zone, LocalDateTime.parse(otherAnchor));
        }

        @Override
        public OpenOrganization receivedAt(Instant at) {
            return new OpenOrganization(ACME, at, name, plan, zone, anchor);
        }
    }

    record Changing(String changeId, Plan plan, Effective effective) implements Ask {
        Changing nextPeriod() {
            return new Changing(changeId, plan, Effective.NEXT_PERIOD);
        }

        @Override
        public ChangePlan receivedAt(Instant at) {
            return new ChangePlan(ACME, at, new PlanChangeId(changeId), plan, effective);
        }
    }

    record Reserving(
            String reservationId,
            long minutes,
            Duration ttl,
            @Nullable String userId) implements Ask {
        Reserving lasting(Duration other) {
            return new Reserving(reservationId, minutes, other, userId);
        }

        Reserving by(String user) {
            return new Reserving(reservationId, minutes, ttl, user);
        }

        @Override
        public ReserveMinutes receivedAt(Instant at) {
            return new ReserveMinutes(
                    ACME,
                    at,
                    new ReservationId(reservationId),
                    Minutes.of(minutes),
                    ttl,
                    userId == null ? null : new UserId(userId));
        }
    }

    record Recording(
            String transcriptionId,
            Minutes minutes,
            @Nullable Long seconds,
            @Nullable Instant occurredAt,
            @Nullable String userId,
            @Nullable String reservationId,
            OnInsufficient onInsufficient)
            implements Ask {
        Recording occurring(String moment) {
            return occurring(Times.at(moment));
        }

        Recording occurring(Instant moment) {
            return new Recording(transcriptionId, minutes, seconds, moment, userId, reservationId, onInsufficient);
        }

        Recording by(String user) {
            return new Recording(transcriptionId, minutes, seconds, occurredAt, user, reservationId, onInsufficient);
        }

        Recording settling(String reservation) {
            return new Recording(transcriptionId, minutes, seconds, occurredAt, userId, reservation, onInsufficient);
        }

        Recording orReject() {
            return new Recording(
                    transcriptionId, minutes, seconds, occurredAt, userId, reservationId, OnInsufficient.REJECT);
        }

        @Override
        public RecordTranscription receivedAt(Instant at) {
            return new RecordTranscription(
                    ACME,
                    at,
                    new TranscriptionId(transcriptionId),
                    minutes,
                    seconds,
                    occurredAt,
                    userId == null ? null : new UserId(userId),
                    reservationId == null ? null : new ReservationId(reservationId),
                    onInsufficient);
        }
    }

    record Correcting(String correctionId, String transcriptionId, long minutes, String reason) implements Ask {
        Correcting because(String other) {
            return new Correcting(correctionId, transcriptionId, minutes, other);
        }

        @Override
        public CorrectTranscription receivedAt(Instant at) {
            return new CorrectTranscription(
                    ACME,
                    at,
                    new CorrectionId(correctionId),
                    new TranscriptionId(transcriptionId),
                    Minutes.of(minutes),
                    reason);
        }
    }

    record Purchasing(
            String purchaseId,
            long minutes,
            @Nullable Instant expiresAt,
            @Nullable Price price) implements Ask {
        Purchasing expiring(String moment) {
            return new Purchasing(purchaseId, minutes, Times.at(moment), price);
        }

        Purchasing priced(String amount, String currency) {
            return new Purchasing(purchaseId, minutes, expiresAt, new Price(new BigDecimal(amount), currency));
        }

        @Override
        public PurchaseOverage receivedAt(Instant at) {
            return new PurchaseOverage(ACME, at, new PurchaseId(purchaseId), Minutes.of(minutes), expiresAt, price);
        }
    }
}
