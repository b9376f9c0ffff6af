package dev.usageledger.api.http.reservations;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.http.Commands;
import dev.usageledger.api.http.answer.CommandAnswer;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.organization.OrganizationCommand.ReleaseReservation;
import dev.usageledger.organization.ReservationId;
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
        var reservation = ReservationFields.of(body, body.required("reservationId", Json.string(ReservationId::new)));
        return commands.send(request, () -> reservation.command(organizationId.value(), request.receivedAt()));
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
