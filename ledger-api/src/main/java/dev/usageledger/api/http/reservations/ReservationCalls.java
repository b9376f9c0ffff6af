package dev.usageledger.api.http.reservations;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.http.Commands;
import dev.usageledger.api.http.answer.CommandAnswer;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.organization.OrganizationCommand.ReleaseReservation;
import dev.usageledger.organization.OrganizationCommand.ReserveMinutes;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.UserId;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Holding minutes, and giving them back. */
@RestController
@RequestMapping(path = "/v1/organizations/{organizationId}/reservations", produces = "application/json")
class ReservationCalls {
    private final Commands commands;

    ReservationCalls(Commands commands) {
        this.commands = commands;
    }

    @PostMapping
    CommandAnswer reserve(Request request) {
        var organizationId = organizationId(request);
        JsonObject body = request.body();
        var reservationId = body.required("reservationId", Json.string(ReservationId::new));
        var minutes = body.required("minutes", Json.minutes(1));
        var ttl = body.optional(
                "ttl", Json.string(Text.duration(ReserveMinutes.SHORTEST_TTL, ReserveMinutes.LONGEST_TTL)));
        var userId = body.optional("userId", Json.string(UserId::new));
        return commands.send(
                request,
                () -> new ReserveMinutes(
                        organizationId.value(),
                        request.receivedAt(),
                        reservationId.value(),
                        minutes.value(),
                        ttl.or(ReserveMinutes.DEFAULT_TTL),
                        userId.orNull()));
    }

    @PostMapping("/{reservationId}/release")
    CommandAnswer release(Request request) {
        var organizationId = organizationId(request);
        var reservationId = request.path("reservationId", ReservationId::new);
        request.optionalBody();
        return commands.send(
                request,
                () -> new ReleaseReservation(organizationId.value(), request.receivedAt(), reservationId.value()));
    }
}
