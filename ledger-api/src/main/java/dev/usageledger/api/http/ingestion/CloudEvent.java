package dev.usageledger.api.http.ingestion;

import dev.usageledger.api.http.request.Given;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Reading;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A CloudEvent of version 1.0 while it is read: {@code subject} names the organization, {@code data} is what the call
 * for the same command takes as its body.
 */
final class CloudEvent {
    /** What anyone may name an attribute of an event; the ledger has no use for it. */
    private static final Predicate<String> EXTENSION =
            Pattern.compile("[a-z0-9]+").asMatchPredicate();

    private static final int LONGEST_ATTRIBUTE = 1_024;
    private static final int DERIVED_HEX_DIGITS = 32;

    private final Reading reading;
    private final Given<String> id;
    private final Given<String> source;
    private final Given<Type> type;
    private final Given<String> subject;
    private final Given<Instant> time;
    private final JsonObject data;

    /** The kinds of events that are taken in, one for each command about usage. */
    enum Type {
        RECORD_TRANSCRIPTION,
        CORRECT_TRANSCRIPTION,
        RESERVE_MINUTES,
        RELEASE_RESERVATION,
        PURCHASE_OVERAGE,
        REFUND_OVERAGE;

        private static final String PREFIX = "dev.usageledger.";

        static Type named(String name) {
            for (Type type : values()) {
                if (name.equals(PREFIX + Text.kebab(type))) {
                    return type;
                }
            }
            throw new IllegalArgumentException(
                    "must be " + PREFIX + " and a command, for example " + PREFIX + "record-transcription");
        }
    }

    CloudEvent(ObjectNode event) {
        reading = new Reading(event);
        JsonObject attributes = reading.object();
        attributes.required("specversion", Json.string(CloudEvent::version));
        id = attributes.required("id", Json.string(Text.upTo(LONGEST_ATTRIBUTE)));
        source = attributes.required("source", Json.string(Text.upTo(LONGEST_ATTRIBUTE)));
        type = attributes.required("type", Json.string(Type::named));
        subject = attributes.required("subject", Json.string(Text.upTo(LONGEST_ATTRIBUTE)));
        time = attributes.optional("time", Json.string(Text::time));
        attributes.optional("datacontenttype", Json.string(CloudEvent::jsonType));
        attributes.optional("dataschema", Json.string(Text.upTo(LONGEST_ATTRIBUTE)));
        attributes.mayHold(EXTENSION);
        data = attributes.requiredObject("data");
    }

    /** An attribute as it stands in an event, however faulty that is, to say which event an answer is about. */
    static @Nullable String shown(JsonNode event, String attribute) {
        JsonNode value = event.get(attribute);
        return value != null && value.isString() ? Text.printable(value.stringValue(), LONGEST_ATTRIBUTE) : null;
    }

    Reading reading() {
        return reading;
    }

    JsonObject data() {
        return data;
    }

    /** {@code null} when it has been reported as a fault. */
    @Nullable
    Type type() {
        return type.orNull();
    }

    String subject() {
        return subject.value();
    }

    Given<Instant> time() {
        return time;
    }

    /**
     * What stands for the command's own identifier where {@code data} brings none: the same for the same source and id,
     * so that an event sent again is the same command.
     */
    String derivedId() {
        try {
            String key = source.or("") + '\n' + id.or("");
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return "ce-" + HexFormat.of().formatHex(hash).substring(0, DERIVED_HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String version(String version) {
        if (!version.equals("1.0")) {
            throw new IllegalArgumentException("must be 1.0");
        }
        return version;
    }

    private static String jsonType(String type) {
        if (!Request.isInUtf8(type, MediaType.APPLICATION_JSON)) {
            throw new IllegalArgumentException("must be application/json");
        }
        return type;
    }
}
