package dev.usageledger.api.http.transcriptions;

import dev.usageledger.api.http.request.Given;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import java.time.Instant;

/** The body that reports a transcription, whoever turns out to pay for it. */
public record TranscriptionFields(
        Given<TranscriptionId> transcriptionId,
        Given<Minutes> minutes,
        Given<Long> durationSeconds,
        Given<Instant> occurredAt,
        Given<UserId> userId,
        Given<ReservationId> reservationId,
        Given<OnInsufficient> onInsufficient) {
    private static final long MOST_SECONDS = Minutes.MOST_PER_COMMAND.value() * 60;

    /** Reads all of {@code body} but what is required in one place and not in another, which the caller has read. */
    public static TranscriptionFields of(
            JsonObject body, Given<TranscriptionId> transcriptionId, Given<UserId> userId) {
        if (body.isGiven("minutes") == body.isGiven("durationSeconds")) {
            body.report("minutes", "is required, or durationSeconds in its place, and not both");
        }
        return new TranscriptionFields(
                transcriptionId,
                body.optional("minutes", Json.minutes(0)),
                body.optional("durationSeconds", Json.wholeNumber(0, MOST_SECONDS)),
                body.optional("occurredAt", Json.string(Text::time)),
                userId,
                body.optional("reservationId", Json.string(ReservationId::new)),
                body.optional("onInsufficient", Json.string(Text.word(OnInsufficient.class, Text::kebab))));
    }

    /** The same, having occurred at {@code time} unless the body says when. */
    public TranscriptionFields occurredBy(Given<Instant> time) {
        Instant said = occurredAt.orNull();
        return said != null
                ? this
                : new TranscriptionFields(
                        transcriptionId, minutes, durationSeconds, time, userId, reservationId, onInsufficient);
    }

    public RecordTranscription command(OrganizationId organizationId, Instant receivedAt) {
        Long seconds = durationSeconds.orNull();
        return new RecordTranscription(
                organizationId,
                receivedAt,
                transcriptionId.value(),
                seconds == null ? minutes.value() : Minutes.ofSeconds(seconds),
                seconds,
                occurredAt.orNull(),
                userId.orNull(),
                reservationId.orNull(),
                onInsufficient.or(OnInsufficient.RECORD));
    }
}
