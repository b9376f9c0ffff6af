package dev.usageledger.organization;

import java.time.Instant;

/** Minutes reserved by an upload in flight, until it settles, is released, or {@code expiresAt} has come. */
public record Hold(ReservationId reservationId, Minutes minutes, Instant expiresAt) {}
