package dev.usageledger.organization;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to an organization. Each event says everything that {@link OrganizationDecider#evolve} needs, so
 * replaying them never asks a rule, a setting or a clock.
 */
public sealed interface OrganizationEvent {
    /** When the command that led to this event was received, never earlier than the event before it. */
    Instant recordedAt();

    /** When it took effect: earlier than {@link #recordedAt} only for what fell due in between. */
    default Instant effectiveAt() {
        return recordedAt();
    }

    /** What this event is the only one of; {@code null} for events that may happen again. */
    default @Nullable EventIdentity identity() {
        return null;
    }

    /** The event that this one follows from, without which it could not be; {@code null} when there is none. */
    default @Nullable EventIdentity cause() {
        return null;
    }

    record OrganizationOpened(
            Instant recordedAt,
            OrganizationId organizationId,
            String name,
            Plan plan,
            ZoneId zone,
            LocalDateTime periodAnchor,
            BillingPeriod period)
            implements OrganizationEvent {
        @Override
        public EventIdentity identity() {
            return EventIdentity.opening(organizationId);
        }
    }

    /**
     * A plan came into force within a period.
     *
     * @param covered uncovered minutes of the current period that the new plan's base pays
     * @param rearmed thresholds that may be reached again because there is more to spend
     */
    record PlanChanged(Instant recordedAt, PlanChangeId changeId, Plan plan, Minutes covered, List<Integer> rearmed)
            implements OrganizationEvent {
        @Override
        public EventIdentity identity() {
            return EventIdentity.planChange(changeId);
        }
    }

    /** A plan waits for the next roll, which is due at {@code dueAt}. */
    record PlanChangeScheduled(Instant recordedAt, PlanChangeId changeId, Plan plan, Instant dueAt)
            implements OrganizationEvent {
        @Override
        public EventIdentity identity() {
            return EventIdentity.planChange(changeId);
        }
    }

    record MemberAdded(Instant recordedAt, UserId userId) implements OrganizationEvent {}

    record MemberRemoved(Instant recordedAt, UserId userId) implements OrganizationEvent {}

    record MinutesReserved(
            Instant recordedAt,
            ReservationId reservationId,
            Minutes minutes,
            Duration ttl,
            Instant expiresAt,
            @Nullable UserId userId)
            implements OrganizationEvent {
        @Override
        public EventIdentity identity() {
            return EventIdentity.reservation(reservationId);
        }
    }

    record ReservationReleased(Instant recordedAt, ReservationId reservationId, Minutes minutes)
            implements OrganizationEvent {
        @Override
        public EventIdentity cause() {
            return EventIdentity.reservation(reservationId);
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.endOfReservation(reservationId);
        }
    }

    /** The hold ended because the usage that it was for has been recorded. */
    record ReservationSettled(
            Instant recordedAt, ReservationId reservationId, Minutes minutes, TranscriptionId transcriptionId)
            implements OrganizationEvent {
        @Override
        public EventIdentity cause() {
            return EventIdentity.transcription(transcriptionId);
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.endOfReservation(reservationId);
        }
    }

    record ReservationExpired(Instant recordedAt, ReservationId reservationId, Minutes minutes, Instant expiredAt)
            implements OrganizationEvent {
        @Override
        public Instant effectiveAt() {
            return expiredAt;
        }

        @Override
        public EventIdentity cause() {
            return EventIdentity.reservation(reservationId);
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.endOfReservation(reservationId);
        }
    }

    /**
     * Usage was counted.
     *
     * @param occurredAtGiven whether the caller said when it occurred; a default is not the caller's content
     * @param counted which period counts it, and why
     * @param period index of the period that counts it
     */
    record TranscriptionRecorded(
            Instant recordedAt,
            TranscriptionId transcriptionId,
            Minutes minutes,
            @Nullable Long durationSeconds,
            Instant occurredAt,
            boolean occurredAtGiven,
            @Nullable UserId userId,
            @Nullable Settlement settlement,
            Counted counted,
            long period,
            Charge charge)
            implements OrganizationEvent {
        /** Where usage is counted: by when it occurred, as long as that period can still be reached. */
        public enum Counted {
            CURRENT_PERIOD,
            CLOSED_PERIOD,
            LATE_IN_CURRENT_PERIOD
        }

        /** What naming a hold came to. Usage is never stopped by a hold that has ended otherwise. */
        public record Settlement(ReservationId reservationId, Outcome outcome) {
            public enum Outcome {
                SETTLED,
                ALREADY_SETTLED,
                ALREADY_RELEASED,
                ALREADY_EXPIRED
            }
        }

        @Override
        public @Nullable EventIdentity cause() {
            return settlement == null ? null : EventIdentity.reservation(settlement.reservationId());
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.transcription(transcriptionId);
        }

        /** When the usage took effect: when it occurred, but no later than it was recorded; when recorded if too late. */
        public Instant countsFrom() {
            return counted == Counted.LATE_IN_CURRENT_PERIOD || occurredAt.isAfter(recordedAt)
                    ? recordedAt
                    : occurredAt;
        }

        public @Nullable ReservationId reservationId() {
            return settlement == null ? null : settlement.reservationId();
        }
    }

    /**
     * The cost of a transcription was replaced.
     *
     * @param before its cost until now
     * @param minutes its cost from now on
     * @param period index of the period that counts it
     * @param charged what a higher cost charges
     * @param givenBack what a lower cost gives back
     * @param lapsed the part of {@code givenBack} that lapses at once because its pack has expired
     * @param covered uncovered minutes of the current period that the packs given back to now pay
     */
    record TranscriptionCorrected(
            Instant recordedAt,
            CorrectionId correctionId,
            TranscriptionId transcriptionId,
            Minutes before,
            Minutes minutes,
            String reason,
            long period,
            Charge charged,
            Charge givenBack,
            List<PackCharge> lapsed,
            List<PackCharge> covered)
            implements OrganizationEvent {
        @Override
        public EventIdentity cause() {
            return EventIdentity.transcription(transcriptionId);
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.correction(correctionId);
        }
    }

    /**
     * A pack was added.
     *
     * @param covered uncovered minutes of the current period that the pack pays at once
     * @param rearmed thresholds that may be reached again because there is more to spend
     */
    record OveragePurchased(
            Instant recordedAt,
            PurchaseId purchaseId,
            Minutes minutes,
            @Nullable Instant expiresAt,
            @Nullable Price price,
            Minutes covered,
            List<Integer> rearmed)
            implements OrganizationEvent {
        @Override
        public EventIdentity identity() {
            return EventIdentity.purchase(purchaseId);
        }
    }

    /**
     * Unspent minutes of a pack were taken back.
     *
     * @param minutesGiven whether the caller said how many; otherwise all that were unspent
     */
    record OverageRefunded(
            Instant recordedAt, RefundId refundId, PurchaseId purchaseId, Minutes minutes, boolean minutesGiven)
            implements OrganizationEvent {
        @Override
        public EventIdentity cause() {
            return EventIdentity.purchase(purchaseId);
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.refund(refundId);
        }
    }

    record OveragePackExpired(Instant recordedAt, PurchaseId purchaseId, Minutes minutes, Instant expiredAt)
            implements OrganizationEvent {
        @Override
        public Instant effectiveAt() {
            return expiredAt;
        }

        @Override
        public EventIdentity cause() {
            return EventIdentity.purchase(purchaseId);
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.expiryOfPack(purchaseId);
        }
    }

    /**
     * A billing period ended and the next began. There is no overage in it, on purpose: a roll cannot change a pack.
     *
     * @param plan the plan in force from now on
     * @param lapsed base minutes of the closed period that nobody spent
     */
    record BillingPeriodRolled(
            Instant recordedAt, BillingPeriod closed, BillingPeriod opened, Plan plan, Minutes lapsed)
            implements OrganizationEvent {
        @Override
        public Instant effectiveAt() {
            return opened.start();
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.roll(closed);
        }
    }

    /** Used minutes reached so many percent of the capacity of a period. */
    record ThresholdReached(Instant recordedAt, int percent, long period, Minutes used, Minutes capacity)
            implements OrganizationEvent {}
}
