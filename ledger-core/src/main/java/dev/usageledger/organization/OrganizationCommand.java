package dev.usageledger.organization;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an organization can be asked to do. The edge stamps {@code receivedAt}; the domain has no clock. A command that
 * can be constructed is well-formed; the constructors throw {@link IllegalArgumentException} naming the field
 * otherwise.
 */
public sealed interface OrganizationCommand {
    OrganizationId organizationId();

    Instant receivedAt();

    /** The identity of the event that an earlier send of this command left; {@code null} when state alone can tell. */
    default @Nullable EventIdentity identity() {
        return null;
    }

    /** The identities of all events that deciding this command needs to know of, its own included. */
    default Set<EventIdentity> recalls() {
        EventIdentity own = identity();
        return own == null ? Set.of() : Set.of(own);
    }

    /** Whether deciding this command needs to know of no event but its own. */
    default boolean recallsItselfOnly() {
        EventIdentity own = identity();
        return own != null && recalls().equals(Set.of(own));
    }

    /** Starts the ledger of an organization. */
    record OpenOrganization(
            OrganizationId organizationId,
            Instant receivedAt,
            String name,
            Plan plan,
            ZoneId zone,
            LocalDateTime periodAnchor)
            implements OrganizationCommand {
        public OpenOrganization {
            Limits.requireText("name", name, 256);
            new PeriodCalendar(zone, periodAnchor);
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.opening(organizationId);
        }
    }

    /** Changes the plan now or at the next roll; it replaces a change that waits. Base already spent stays spent. */
    record ChangePlan(
            OrganizationId organizationId, Instant receivedAt, PlanChangeId changeId, Plan plan, Effective effective)
            implements OrganizationCommand {
        /** When the new plan comes into force. */
        public enum Effective {
            NOW,
            NEXT_PERIOD
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.planChange(changeId);
        }
    }

    /** Ties a person to the organization. */
    record AddMember(OrganizationId organizationId, Instant receivedAt, UserId userId) implements OrganizationCommand {}

    /** Unties a person from the organization; usage already recorded stays. */
    record RemoveMember(OrganizationId organizationId, Instant receivedAt, UserId userId)
            implements OrganizationCommand {}

    /** Holds minutes for an upload in flight until {@code ttl} has passed, at most 24 hours. */
    record ReserveMinutes(
            OrganizationId organizationId,
            Instant receivedAt,
            ReservationId reservationId,
            Minutes minutes,
            Duration ttl,
            @Nullable UserId userId)
            implements OrganizationCommand {
        public static final Duration DEFAULT_TTL = Duration.ofHours(2);
        public static final Duration LONGEST_TTL = Duration.ofHours(24);
        public static final Duration SHORTEST_TTL = Duration.ofSeconds(1);

        public ReserveMinutes {
            Limits.requireMovable("minutes", minutes);
            Limits.requireWithin("ttl", ttl, SHORTEST_TTL, LONGEST_TTL);
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.reservation(reservationId);
        }
    }

    /** Gives a hold back before it expires. */
    record ReleaseReservation(OrganizationId organizationId, Instant receivedAt, ReservationId reservationId)
            implements OrganizationCommand {
        @Override
        public EventIdentity identity() {
            return EventIdentity.endOfReservation(reservationId);
        }

        @Override
        public Set<EventIdentity> recalls() {
            return Set.of(identity(), EventIdentity.reservation(reservationId));
        }
    }

    /**
     * Charges usage that has happened, and settles the hold it names, whatever the hold's size.
     *
     * @param durationSeconds the caller's measure when the cost was given in seconds, {@code null} when in minutes
     * @param occurredAt when the transcription happened; {@code null} means when the command was received
     */
    record RecordTranscription(
            OrganizationId organizationId,
            Instant receivedAt,
            TranscriptionId transcriptionId,
            Minutes minutes,
            @Nullable Long durationSeconds,
            @Nullable Instant occurredAt,
            @Nullable UserId userId,
            @Nullable ReservationId reservationId,
            OnInsufficient onInsufficient)
            implements OrganizationCommand {
        /** What to do where a HARD plan has too few minutes: usage that happened is counted, unless asked otherwise. */
        public enum OnInsufficient {
            RECORD,
            REJECT
        }

        public RecordTranscription {
            Limits.requireAtMost("minutes", minutes, Minutes.MOST_PER_COMMAND);
            if (durationSeconds != null && !Minutes.ofSeconds(durationSeconds).equals(minutes)) {
                throw new IllegalArgumentException(
                        "minutes must be what durationSeconds " + durationSeconds + " costs: " + minutes);
            }
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.transcription(transcriptionId);
        }

        @Override
        public Set<EventIdentity> recalls() {
            return reservationId == null
                    ? Set.of(identity())
                    : Set.of(
                            identity(),
                            EventIdentity.reservation(reservationId),
                            EventIdentity.endOfReservation(reservationId));
        }
    }

    /** Replaces the cost of a transcription; 0 voids it. */
    record CorrectTranscription(
            OrganizationId organizationId,
            Instant receivedAt,
            CorrectionId correctionId,
            TranscriptionId transcriptionId,
            Minutes minutes,
            String reason)
            implements OrganizationCommand {
        public CorrectTranscription {
            Limits.requireAtMost("minutes", minutes, Minutes.MOST_PER_COMMAND);
            Limits.requireText("reason", reason, 500);
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.correction(correctionId);
        }

        @Override
        public Set<EventIdentity> recalls() {
            return Set.of(identity(), EventIdentity.transcription(transcriptionId));
        }
    }

    /**
     * Adds a pack of overage minutes, which first covers what is uncovered in the current period.
     *
     * @param expiresAt when unspent minutes lapse; {@code null} means never
     */
    record PurchaseOverage(
            OrganizationId organizationId,
            Instant receivedAt,
            PurchaseId purchaseId,
            Minutes minutes,
            @Nullable Instant expiresAt,
            @Nullable Price price)
            implements OrganizationCommand {
        public PurchaseOverage {
            Limits.requireMovable("minutes", minutes);
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.purchase(purchaseId);
        }
    }

    /**
     * Takes back unspent minutes of one pack.
     *
     * @param minutes how many; {@code null} means all that are unspent
     */
    record RefundOverage(
            OrganizationId organizationId,
            Instant receivedAt,
            RefundId refundId,
            PurchaseId purchaseId,
            @Nullable Minutes minutes)
            implements OrganizationCommand {
        public RefundOverage {
            if (minutes != null) {
                Limits.requireMovable("minutes", minutes);
            }
        }

        @Override
        public EventIdentity identity() {
            return EventIdentity.refund(refundId);
        }

        @Override
        public Set<EventIdentity> recalls() {
            return Set.of(identity(), EventIdentity.purchase(purchaseId));
        }
    }

    /** Lets happen what is due: expired holds, expired packs, ended periods. Nothing due is no error. */
    record RollBillingPeriod(OrganizationId organizationId, Instant receivedAt) implements OrganizationCommand {}
}
