package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationEvent;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * An event to the letter, as its row holds it, whether or not it makes sense.
 *
 * @param recordedAt to the microsecond
 * @param payload JSON, with every space it is stored with
 * @param metadata JSON, as above
 */
public record EventRow(
        String organizationId,
        long sequence,
        UUID eventId,
        String type,
        int revision,
        Instant recordedAt,
        String payload,
        String metadata) {
    /** Says what is hashed, so that no event can be taken for something else, or for one hashed in another way. */
    private static final String FORM = "usage-ledger event 1";

    private static final long MICROS_PER_SECOND = 1_000_000;

    /**
     * The link of this event behind {@code previous}: SHA-256 over all fields in order, each as text behind its length in
     * four bytes, payload and metadata by their own SHA-256. {@code ledger.event_hash} does the same in SQL.
     */
    public EventHash hash(EventHash previous) {
        return hash(content(), previous);
    }

    /** The link behind {@code previous} of an event with this {@linkplain #content content}. */
    static EventHash hash(byte[] content, EventHash previous) {
        return new EventHash(Sha256.of(content, fields(previous.bytes())));
    }

    /** What is hashed of it before the link it follows, which need not be known for this. */
    byte[] content() {
        return fields(
                text(FORM),
                text(organizationId),
                text(Long.toString(sequence)),
                text(eventId.toString()),
                text(type),
                text(Integer.toString(revision)),
                text(micros()),
                Sha256.of(text(payload)),
                Sha256.of(text(metadata)));
    }

    /** Each field behind its length in four bytes. */
    private static byte[] fields(byte[]... values) {
        int size = 0;
        for (byte[] value : values) {
            size += Integer.BYTES + value.length;
        }
        ByteBuffer fields = ByteBuffer.allocate(size);
        for (byte[] value : values) {
            fields.putInt(value.length).put(value);
        }
        return fields.array();
    }

    private static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** @throws UnreadableEventException when this version does not know such an event. */
    public OrganizationEvent event() {
        return EventCodec.event(type, revision, recordedAt, payload);
    }

    /** Of whatever moment a row may have been given, also of one that takes more than 64 bits. */
    private String micros() {
        long seconds = recordedAt.getEpochSecond();
        long micros = recordedAt.getNano() / 1_000;
        if (Math.abs(seconds) < Long.MAX_VALUE / MICROS_PER_SECOND) {
            return Long.toString(seconds * MICROS_PER_SECOND + micros);
        }
        return BigInteger.valueOf(seconds)
                .multiply(BigInteger.valueOf(MICROS_PER_SECOND))
                .add(BigInteger.valueOf(micros))
                .toString();
    }
}
