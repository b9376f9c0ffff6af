package dev.usageledger.organization;

/**
 * What makes an event the only one of its kind in an organization, for ever: the caller's own identifier, or the thing
 * that can happen only once (a hold ends once, a period rolls once). Idempotency rests on it.
 */
public record EventIdentity(String kind, String id) {
    public static EventIdentity opening(OrganizationId id) {
        return new EventIdentity("organization", id.value());
    }

    public static EventIdentity planChange(PlanChangeId id) {
        return new EventIdentity("plan-change", id.value());
    }

    public static EventIdentity reservation(ReservationId id) {
        return new EventIdentity("reservation", id.value());
    }

    /** Released, settled or expired: whichever comes first is the only one. */
    public static EventIdentity endOfReservation(ReservationId id) {
        return new EventIdentity("reservation-end", id.value());
    }

    public static EventIdentity transcription(TranscriptionId id) {
        return new EventIdentity("transcription", id.value());
    }

    public static EventIdentity correction(CorrectionId id) {
        return new EventIdentity("correction", id.value());
    }

    public static EventIdentity purchase(PurchaseId id) {
        return new EventIdentity("purchase", id.value());
    }

    public static EventIdentity expiryOfPack(PurchaseId id) {
        return new EventIdentity("purchase-expiry", id.value());
    }

    public static EventIdentity refund(RefundId id) {
        return new EventIdentity("refund", id.value());
    }

    public static EventIdentity roll(BillingPeriod closed) {
        return new EventIdentity("roll", Long.toString(closed.index()));
    }
}
