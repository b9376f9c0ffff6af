package dev.usageledger.engine;

import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events of an organization are looked for: those that everything given here is true of.
 *
 * @param types one of these kinds, by their stored names; any kind when empty
 * @param from recorded then or later
 * @param to recorded before
 * @param transcriptionId about it: its recording, its corrections, the end of its hold
 * @param reservationId about it: the hold, its end, the usage that settled it
 * @param purchaseId about it: the purchase, its refunds, its expiry
 * @param userId naming that person
 * @param actor of commands that this key, or part of the service, has sent
 * @param correlationId of that request
 */
public record EventFilter(
        List<String> types,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable TranscriptionId transcriptionId,
        @Nullable ReservationId reservationId,
        @Nullable PurchaseId purchaseId,
        @Nullable UserId userId,
        @Nullable String actor,
        @Nullable String correlationId) {
    public static final EventFilter NONE = new EventFilter(List.of(), null, null, null, null, null, null, null, null);

    public EventFilter {
        types = List.copyOf(types);
    }

    boolean isSelective() {
        return !types.isEmpty() || userId != null || actor != null || correlationId != null;
    }
}
