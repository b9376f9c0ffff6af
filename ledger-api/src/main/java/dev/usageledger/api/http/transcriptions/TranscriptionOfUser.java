package dev.usageledger.api.http.transcriptions;

import dev.usageledger.api.http.Commands;
import dev.usageledger.api.http.answer.CommandAnswer;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Recording usage of a person, for senders who do not know the organization. */
@RestController
class TranscriptionOfUser {
    private final Commands commands;
    private final Payers payers;

    TranscriptionOfUser(Commands commands, Payers payers) {
        this.commands = commands;
        this.payers = payers;
    }

    @PostMapping(path = "/v1/transcriptions", produces = "application/json")
    CommandAnswer record(Request request) {
        JsonObject body = request.body();
        var userId = body.required("userId", Json.string(UserId::new));
        var transcription = TranscriptionFields.of(
                body, body.required("transcriptionId", Json.string(TranscriptionId::new)), userId);
        UserId known = request.complete(userId::value);
        OrganizationId payer = payers.of(known, transcription.transcriptionId().value(), request);
        return commands.send(request, () -> transcription.command(payer, request.receivedAt()));
    }
}
