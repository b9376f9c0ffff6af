package dev.usageledger.api.http.transcriptions;

import dev.usageledger.api.http.request.Given;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.CorrectTranscription;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.TranscriptionId;
import java.time.Instant;

/** The body that replaces the cost of a transcription. */
public record CorrectionFields(
        Given<CorrectionId> correctionId,
        Given<TranscriptionId> transcriptionId,
        Given<Minutes> minutes,
        Given<String> reason) {
    private static final int LONGEST_REASON = 500;

    public static CorrectionFields of(
            JsonObject body, Given<CorrectionId> correctionId, Given<TranscriptionId> transcriptionId) {
        return new CorrectionFields(
                correctionId,
                transcriptionId,
                body.required("minutes", Json.minutes(0)),
                body.required("reason", Json.string(Text.upTo(LONGEST_REASON))));
    }

    public CorrectTranscription command(OrganizationId organizationId, Instant receivedAt) {
        return new CorrectTranscription(
                organizationId,
                receivedAt,
                correctionId.value(),
                transcriptionId.value(),
                minutes.value(),
                reason.value());
    }
}
