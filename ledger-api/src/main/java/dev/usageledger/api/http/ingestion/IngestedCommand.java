package dev.usageledger.api.http.ingestion;

import dev.usageledger.api.http.overage.PurchaseFields;
import dev.usageledger.api.http.overage.RefundFields;
import dev.usageledger.api.http.request.Given;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.reservations.ReservationFields;
import dev.usageledger.api.http.transcriptions.CorrectionFields;
import dev.usageledger.api.http.transcriptions.TranscriptionFields;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.ReleaseReservation;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.RefundId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The command that a CloudEvent asks for. */
final class IngestedCommand {
    private IngestedCommand() {}

    /** @throws dev.usageledger.api.http.request.InvalidRequestException with every fault of the event */
    static OrganizationCommand of(CloudEvent event, Instant receivedAt) {
        BiFunction<OrganizationId, Instant, ? extends OrganizationCommand> command = command(event);
        return event.reading().complete(() -> command.apply(new OrganizationId(event.subject()), receivedAt));
    }

    private static BiFunction<OrganizationId, Instant, ? extends OrganizationCommand> command(CloudEvent event) {
        JsonObject data = event.data();
        return switch (event.type()) {
            case RECORD_TRANSCRIPTION -> {
                var userId = data.optional("userId", Json.string(UserId::new));
                var transcriptionId = ownId(event, "transcriptionId", TranscriptionId::new);
                yield TranscriptionFields.of(data, transcriptionId, userId).occurredBy(event.time())::command;
            }
            case CORRECT_TRANSCRIPTION -> {
                var transcriptionId = data.required("transcriptionId", Json.string(TranscriptionId::new));
                yield CorrectionFields.of(data, ownId(event, "correctionId", CorrectionId::new), transcriptionId)
                        ::command;
            }
            case RESERVE_MINUTES ->
                ReservationFields.of(data, ownId(event, "reservationId", ReservationId::new))::command;
            case RELEASE_RESERVATION -> {
                var reservationId = data.required("reservationId", Json.string(ReservationId::new));
                yield (organizationId, at) -> new ReleaseReservation(organizationId, at, reservationId.value());
            }
            case PURCHASE_OVERAGE -> PurchaseFields.of(data, ownId(event, "purchaseId", PurchaseId::new))::command;
            case REFUND_OVERAGE -> {
                var purchaseId = data.required("purchaseId", Json.string(PurchaseId::new));
                yield RefundFields.of(data, ownId(event, "refundId", RefundId::new), purchaseId)::command;
            }
            // The type has been reported, and what its data should be is anyone's guess.
            case null ->
                (organizationId, at) -> {
                    throw new IllegalStateException("an event without a type");
                };
        };
    }

    private static <T> Given<T> ownId(CloudEvent event, String name, Function<String, T> id) {
        return event.data().optional(name, Json.string(id)).orElseGet(() -> id.apply(event.derivedId()));
    }
}
