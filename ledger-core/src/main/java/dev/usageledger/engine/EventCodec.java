package dev.usageledger.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.*;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Events as they are stored: JSON that a person can read, under a name that outlives any class. The names, revisions
 * and shapes are a promise to everything recorded so far; a shape that has to change gets a new revision, and reading
 * the old one stays possible for ever.
 */
final class EventCodec {
    private static final List<Kind> KINDS = List.of(
            new Kind("organization-opened", 1, OrganizationOpened.class),
            new Kind("plan-changed", 1, PlanChanged.class),
            new Kind("plan-change-scheduled", 1, PlanChangeScheduled.class),
            new Kind("member-added", 1, MemberAdded.class),
            new Kind("member-removed", 1, MemberRemoved.class),
            new Kind("minutes-reserved", 1, MinutesReserved.class),
            new Kind("reservation-released", 1, ReservationReleased.class),
            new Kind("reservation-settled", 1, ReservationSettled.class),
            new Kind("reservation-expired", 1, ReservationExpired.class),
            new Kind("transcription-recorded", 1, TranscriptionRecorded.class),
            new Kind("transcription-corrected", 1, TranscriptionCorrected.class),
            new Kind("overage-purchased", 1, OveragePurchased.class),
            new Kind("overage-refunded", 1, OverageRefunded.class),
            new Kind("overage-pack-expired", 1, OveragePackExpired.class),
            new Kind("billing-period-rolled", 1, BillingPeriodRolled.class),
            new Kind("threshold-reached", 1, ThresholdReached.class));

    private static final Map<Class<?>, Kind> BY_CLASS =
            KINDS.stream().collect(Collectors.toUnmodifiableMap(Kind::eventClass, Function.identity()));
    private static final Map<String, Kind> BY_NAME =
            KINDS.stream().collect(Collectors.toUnmodifiableMap(Kind::name, Function.identity()));
    private static final ObjectWriter METADATA_WRITER =
            Json.MAPPER.writerFor(Map.class).with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final ObjectReader METADATA_READER = Json.MAPPER.readerForMapOf(String.class);

    private EventCodec() {}

    /** A kind of event: its stored name and revision, and how it is written and read. */
    record Kind(
            String name,
            int revision,
            Class<? extends OrganizationEvent> eventClass,
            ObjectWriter writer,
            ObjectReader reader) {
        Kind(String name, int revision, Class<? extends OrganizationEvent> eventClass) {
            this(name, revision, eventClass, Json.MAPPER.writerFor(eventClass), Json.MAPPER.readerFor(eventClass));
        }
    }

    static Kind kindOf(OrganizationEvent event) {
        Kind kind = BY_CLASS.get(event.getClass());
        if (kind == null) {
            throw new IllegalStateException(
                    "no stored name for " + event.getClass().getSimpleName());
        }
        return kind;
    }

    static List<Kind> kinds() {
        return KINDS;
    }

    /** The payload of {@code event}: all of it but the time of recording, which the store keeps in a column. */
    static String payload(OrganizationEvent event) {
        try {
            return kindOf(event).writer().writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + kindOf(event).name(), e);
        }
    }

    /** @throws UnreadableEventException when the type, the revision or the payload is none that this version knows. */
    static OrganizationEvent event(String type, int revision, Instant recordedAt, String payload) {
        return event(type, revision, recordedAt, ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * As {@link #event(String, int, Instant, String)}, of a payload in UTF-8: what Jackson reads fastest.
     *
     * @param payload from its position to its limit, with an array behind it; its position moves
     */
    static OrganizationEvent event(String type, int revision, Instant recordedAt, ByteBuffer payload) {
        Kind kind = BY_NAME.get(type);
        if (kind == null || kind.revision() != revision) {
            throw new UnreadableEventException(
                    "event type " + type + " revision " + revision + " is not known to this version");
        }
        try {
            return kind.reader().readValue(withRecordedAt(payload, recordedAt));
        } catch (IOException e) {
            throw new UnreadableEventException("payload of " + type + " revision " + revision + " cannot be read", e);
        }
    }

    static String metadata(Map<String, ?> metadata) {
        try {
            return METADATA_WRITER.writeValueAsString(metadata);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write metadata", e);
        }
    }

    static Map<String, String> metadata(String json) {
        try {
            return METADATA_READER.readValue(json);
        } catch (JsonProcessingException e) {
            throw new UnreadableEventException("metadata cannot be read", e);
        }
    }

    /** A splice is several times cheaper than a tree, and every payload has at least one property of its own. */
    private static byte[] withRecordedAt(ByteBuffer payload, Instant recordedAt) {
        boolean begun = false;
        while (!begun && payload.hasRemaining()) {
            begun = payload.get() == '{';
        }
        byte[] first = ("{\"recordedAt\":\"" + recordedAt + "\",").getBytes(StandardCharsets.US_ASCII);
        byte[] json = Arrays.copyOf(first, first.length + payload.remaining());
        payload.get(json, first.length, payload.remaining());
        return json;
    }
}
