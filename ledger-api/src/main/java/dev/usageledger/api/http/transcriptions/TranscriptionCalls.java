package dev.usageledger.api.http.transcriptions;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.http.Commands;
import dev.usageledger.api.http.answer.CommandAnswer;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Recording usage of an organization, and correcting it. */
@RestController
@RequestMapping(path = "/v1/organizations/{organizationId}/transcriptions", produces = "application/json")
class TranscriptionCalls {
    private final Commands commands;

    TranscriptionCalls(Commands commands) {
        this.commands = commands;
    }

    @PostMapping
    CommandAnswer record(Request request) {
        var organizationId = organizationId(request);
        JsonObject body = request.body();
        var userId = body.optional("userId", Json.string(UserId::new));
        var transcription = TranscriptionFields.of(
                body, body.required("transcriptionId", Json.string(TranscriptionId::new)), userId);
        return commands.send(request, () -> transcription.command(organizationId.value(), request.receivedAt()));
    }

    @PostMapping("/{transcriptionId}/corrections")
    CommandAnswer correct(Request request) {
        var organizationId = organizationId(request);
        var transcriptionId = request.path("transcriptionId", TranscriptionId::new);
        JsonObject body = request.body();
        var correction = CorrectionFields.of(
                body, body.required("correctionId", Json.string(CorrectionId::new)), transcriptionId);
        return commands.send(request, () -> correction.command(organizationId.value(), request.receivedAt()));
    }
}
