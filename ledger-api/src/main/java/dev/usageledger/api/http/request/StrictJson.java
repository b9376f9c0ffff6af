package dev.usageledger.api.http.request;

import dev.usageledger.api.http.request.Fault.Part;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as RFC 8259 has it and no more: UTF-8, one value, no field twice, numbers exact. */
final class StrictJson {
    private static final int DEEPEST = 20;
    private static final int LONGEST_NUMBER = 100;
    private static final int LONGEST_NAME = 1_000;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxNameLength(LONGEST_NAME)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private StrictJson() {}

    static JsonNode read(byte[] body) {
        try {
            return MAPPER.readTree(decoded(body));
        } catch (JacksonException e) {
            throw fault(
                    "is not JSON that can be read" + at(e.getLocation()) + ": " + firstLine(e.getOriginalMessage()));
        } catch (NumberFormatException e) {
            // Thrown as it is for exponents that do not fit 32 bits.
            throw fault("has a number of a size that nobody needs");
        }
    }

    private static String decoded(byte[] body) {
        try {
            return Utf8.decode(body);
        } catch (IllegalArgumentException e) {
            throw fault(String.valueOf(e.getMessage()));
        }
    }

    private static String at(TokenStreamLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    private static InvalidRequestException fault(String detail) {
        return new InvalidRequestException(new Fault(Part.BODY, "", detail));
    }
}
