package dev.usageledger.projections.reservations;

import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.ReservationExpired;
import dev.usageledger.organization.OrganizationEvent.ReservationReleased;
import dev.usageledger.organization.OrganizationEvent.ReservationSettled;
import dev.usageledger.projections.reservations.ReservationRow.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a hold ended. */
record ReservationEnd(
        String reservationId,
        Status status,
        Instant at,
        @Nullable String transcriptionId) {
    /** The end that {@code event} is; {@code null} when it is none. */
    static @Nullable ReservationEnd of(OrganizationEvent event) {
        return switch (event) {
            case ReservationSettled e ->
                new ReservationEnd(
                        e.reservationId().value(),
                        Status.SETTLED,
                        e.effectiveAt(),
                        e.transcriptionId().value());
            case ReservationReleased e ->
                new ReservationEnd(e.reservationId().value(), Status.RELEASED, e.effectiveAt(), null);
            case ReservationExpired e ->
                new ReservationEnd(e.reservationId().value(), Status.EXPIRED, e.effectiveAt(), null);
            default -> null;
        };
    }
}
