package dev.usageledger.api.http.reservations;

import dev.usageledger.api.http.request.Given;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.ReserveMinutes;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.UserId;
import java.time.Duration;
import java.time.Instant;

/** The body that asks for a hold. */
public record ReservationFields(
        Given<ReservationId> reservationId, Given<Minutes> minutes, Given<Duration> ttl, Given<UserId> userId) {
    public static ReservationFields of(JsonObject body, Given<ReservationId> reservationId) {
        return new ReservationFields(
                reservationId,
                body.required("minutes", Json.minutes(1)),
                body.optional(
                        "ttl", Json.string(Text.duration(ReserveMinutes.SHORTEST_TTL, ReserveMinutes.LONGEST_TTL))),
                body.optional("userId", Json.string(UserId::new)));
    }

    public ReserveMinutes command(OrganizationId organizationId, Instant receivedAt) {
        return new ReserveMinutes(
                organizationId,
                receivedAt,
                reservationId.value(),
                minutes.value(),
                ttl.or(ReserveMinutes.DEFAULT_TTL),
                userId.orNull());
    }
}
