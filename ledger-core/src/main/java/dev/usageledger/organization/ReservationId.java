package dev.usageledger.organization;

/** One hold of minutes for an upload in flight: the idempotency key of reserving and of releasing it. */
public record ReservationId(String value) implements Comparable<ReservationId> {
    public ReservationId {
        Identifiers.require("reservationId", value);
    }

    @Override
    public int compareTo(ReservationId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
