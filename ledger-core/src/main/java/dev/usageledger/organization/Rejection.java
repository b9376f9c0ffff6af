package dev.usageledger.organization;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a command was refused, with the numbers that led to it. A rejected command leaves no event. */
public sealed interface Rejection {
    record OrganizationNotFound(OrganizationId organizationId) implements Rejection {}

    /** The same identifier came with other content. Values are as the caller gave them; {@code null} means not given. */
    record IdempotencyConflict(
            String field,
            @Nullable Object original,
            @Nullable Object given) implements Rejection {}

    /**
     * A HARD plan has fewer minutes than asked for.
     *
     * @param remaining base + overage − held, never below 0; usage of the period just closed need not care for holds
     *     that the current period's base can pay
     * @param base base minutes not yet spent of the period that the minutes were asked of
     * @param overage overage minutes not yet spent
     * @param held minutes reserved by other uploads in flight
     * @param renewsAt when base minutes renew
     * @param actions what the caller can do, most useful first; each would do by itself
     */
    record InsufficientMinutes(
            Minutes requested,
            Minutes remaining,
            Minutes base,
            Minutes overage,
            Minutes held,
            Minutes shortBy,
            Instant renewsAt,
            List<Action> actions)
            implements Rejection {}

    record TranscriptionNotFound(TranscriptionId transcriptionId) implements Rejection {}

    record ReservationNotFound(ReservationId reservationId) implements Rejection {}

    record PurchaseNotFound(PurchaseId purchaseId) implements Rejection {}

    /** The hold was settled by that transcription before it could be released. */
    record AlreadySettled(ReservationId reservationId, Instant settledAt, TranscriptionId transcriptionId)
            implements Rejection {}

    record AlreadyExpired(ReservationId reservationId, Instant expiredAt) implements Rejection {}

    /** @param requested {@code null} when all unspent minutes were asked for and there are none */
    record RefundExceedsUnspent(
            PurchaseId purchaseId, @Nullable Minutes requested, Minutes unspent) implements Rejection {}

    /** The statement of that period is final. */
    record PeriodClosed(TranscriptionId transcriptionId, BillingPeriod period, Instant closedAt) implements Rejection {}

    record OccurredInTheFuture(Instant occurredAt, Instant receivedAt, Duration tolerance) implements Rejection {}

    record ExpiryNotInTheFuture(Instant expiresAt, Instant receivedAt) implements Rejection {}

    /** An amount would no longer fit 64 bits. */
    record AmountTooLarge() implements Rejection {}
}
