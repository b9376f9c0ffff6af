package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationEvent;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
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

    private static final BigInteger MICROS_PER_SECOND = BigInteger.valueOf(1_000_000);

    /**
     * The link of this event behind {@code previous}: SHA-256 over all fields in order, each as text behind its length in
     * four bytes, payload and metadata by their own SHA-256. {@code ledger.event_hash} does the same in SQL.
     */
    public EventHash hash(EventHash previous) {
        return hash(content(), previous);
    }

    /** The link behind {@code previous} of an event with this {@linkplain #content content}. */
    static EventHash hash(byte[] content, EventHash previous) {
        var link = new Fields(Integer.BYTES + Sha256.BYTES);
        link.bytes(previous.bytes());
        return new EventHash(Sha256.of(content, link.toByteArray()));
    }

    /** What is hashed of it besides the link before it, which need not be known for this. */
    byte[] content() {
        var fields = new Fields(512);
        fields.text(FORM);
        fields.text(organizationId);
        fields.text(Long.toString(sequence));
        fields.text(eventId.toString());
        fields.text(type);
        fields.text(Integer.toString(revision));
        fields.text(micros().toString());
        fields.bytes(Sha256.of(payload.getBytes(StandardCharsets.UTF_8)));
        fields.bytes(Sha256.of(metadata.getBytes(StandardCharsets.UTF_8)));
        return fields.toByteArray();
    }

    /** @throws UnreadableEventException when this version does not know such an event. */
    public OrganizationEvent event() {
        return EventCodec.event(type, revision, recordedAt, payload);
    }

    /** Of whatever moment a row may have been given. */
    private BigInteger micros() {
        return BigInteger.valueOf(recordedAt.getEpochSecond())
                .multiply(MICROS_PER_SECOND)
                .add(BigInteger.valueOf(recordedAt.getNano() / 1_000));
    }

    private static final class Fields extends ByteArrayOutputStream {
        Fields(int bytesExpected) {
            super(bytesExpected);
        }

        void text(String value) {
            bytes(value.getBytes(StandardCharsets.UTF_8));
        }

        void bytes(byte[] value) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                write(value.length >>> shift);
            }
            writeBytes(value);
        }
    }
}
