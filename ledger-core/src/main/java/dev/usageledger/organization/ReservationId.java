package dev.usageledger.organization;

/** One hold of minutes for an upload in flight: the idempotency key of reserving and of releasing it. */
public record ReservationId(String value) {
    public ReservationId {
        Identifiers.require("reservationId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
