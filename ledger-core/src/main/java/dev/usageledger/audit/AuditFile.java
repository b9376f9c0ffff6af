package dev.usageledger.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.usageledger.engine.EventHash;
import dev.usageledger.engine.EventRow;
import dev.usageledger.engine.EventRows.LinkedRow;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A history as a file, one JSON object a line: what it is about, its events with their chain, what they come to, and a
 * signature over all of it. It can be checked and recomputed by whoever has it, without the ledger.
 */
final class AuditFile {
    static final String FORM = "usage-ledger audit 1";

    private static final JsonFactory JSON = new JsonFactory();

    private AuditFile() {}

    /**
     * The first line.
     *
     * @param from events recorded at or after it are in the file; left out when it begins with the first of all
     * @param to events recorded before it are in the file; left out when all are
     * @param firstSequence of the first event, or the one that would be next
     * @param previousHash what the first event follows
     * @param stateFormat how {@code state} is written
     * @param state the organization before the first event; left out when there was none
     */
    record Title(
            String form,
            String organizationId,
            @Nullable Instant from,
            @Nullable Instant to,
            long firstSequence,
            String previousHash,
            int stateFormat,
            @Nullable String state) {}

    /** The last line but one. */
    record Manifest(Account manifest) {}

    /**
     * What the events come to.
     *
     * @param events how many there are
     * @param lastHash the link of the last one, or what it would follow
     * @param exportedAt when the file was made
     */
    record Account(
            long events,
            String lastHash,
            Instant exportedAt,
            List<PeriodStatement> statements,
            @Nullable ClosingBalance balance) {}

    /** An event's line. Payload and metadata are in it to the letter, since the chain is over their letters. */
    static String line(LinkedRow stored) {
        EventRow row = stored.row();
        return "{\"position\":%d,\"sequence\":%d,\"eventId\":\"%s\",\"type\":%s,\"revision\":%d,\"recordedAt\":\"%s\",\"payload\":%s,\"metadata\":%s,\"hash\":\"%s\"}"
                .formatted(
                        stored.position(),
                        row.sequence(),
                        row.eventId(),
                        AuditJson.write(row.type()),
                        row.revision(),
                        row.recordedAt(),
                        row.payload(),
                        row.metadata(),
                        stored.hash());
    }

    /** Whether a line is an event's, and not one of those that frame them. */
    static boolean isEvent(String line) {
        return line.startsWith("{\"position\":");
    }

    /** Reads an event's line back, to the letter. */
    static LinkedRow event(String organizationId, String line) throws IOException {
        try (JsonParser parser = JSON.createParser(line)) {
            var fields = new Fields(line, parser);
            return new LinkedRow(
                    fields.number("position"),
                    new EventRow(
                            organizationId,
                            fields.number("sequence"),
                            UUID.fromString(fields.text("eventId")),
                            fields.text("type"),
                            Math.toIntExact(fields.number("revision")),
                            Instant.parse(fields.text("recordedAt")),
                            fields.json("payload"),
                            fields.json("metadata")),
                    EventHash.of(fields.text("hash")));
        }
    }

    /** The fields of a line in the order in which they are written. */
    private static final class Fields {
        private final String line;
        private final JsonParser parser;

        Fields(String line, JsonParser parser) throws IOException {
            this.line = line;
            this.parser = parser;
            parser.nextToken();
        }

        long number(String name) throws IOException {
            value(name);
            return new BigDecimal(parser.getText()).longValueExact();
        }

        String text(String name) throws IOException {
            value(name);
            return parser.getText();
        }

        String json(String name) throws IOException {
            value(name);
            int start = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            return line.substring(start, (int) parser.currentLocation().getCharOffset());
        }

        private void value(String name) throws IOException {
            if (parser.nextToken() != JsonToken.FIELD_NAME
                    || !parser.currentName().equals(name)) {
                throw new AuditFailedException("an event without %s in its place".formatted(name));
            }
            parser.nextToken();
        }
    }
}
