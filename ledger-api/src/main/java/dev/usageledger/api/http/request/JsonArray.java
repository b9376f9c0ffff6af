package dev.usageledger.api.http.request;

import dev.usageledger.api.http.request.Fault.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** A JSON array whose elements have nothing to do with each other: one that cannot be read is no fault of the rest. */
final class JsonArray {
    /** How deep an element may be without making the rest unreadable. */
    private static final int DEEPEST = 1_000;

    /** Tells where an element ends: brackets, strings and values are as in JSON, however long and deep. */
    private static final JsonFactory LENIENT = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            // Names would be kept for ever, however long they are.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private JsonArray() {}

    /** @throws InvalidRequestException when it is no array or has too many elements */
    static List<JsonElement> read(byte[] body, int mostElements) {
        JsonNode json;
        try {
            json = StrictJson.read(body);
        } catch (InvalidRequestException e) {
            List<byte[]> elements = elements(body, e);
            requireAtMost(mostElements, elements.size());
            return elements.stream().map(JsonElement::read).toList();
        }
        if (!(json instanceof ArrayNode array)) {
            throw fault("must be a JSON array");
        }
        requireAtMost(mostElements, array.size());
        return array.valueStream().map(JsonElement::of).toList();
    }

    /** @throws InvalidRequestException {@code otherwise}, when it cannot be told where each element ends */
    private static List<byte[]> elements(byte[] body, InvalidRequestException otherwise) {
        // Byte by byte: what is not ASCII stands within strings, and only the element it is in has to be UTF-8.
        String text = new String(body, StandardCharsets.ISO_8859_1);
        try (JsonParser parser = LENIENT.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw otherwise;
            }
            List<byte[]> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                int start = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                int end = (int) parser.currentLocation().getCharOffset();
                elements.add(Arrays.copyOfRange(body, start, end));
            }
            if (parser.nextToken() != null) {
                throw otherwise;
            }
            return elements;
        } catch (JacksonException e) {
            throw otherwise;
        }
    }

    private static void requireAtMost(int mostElements, int elements) {
        if (elements > mostElements) {
            throw fault("must be at most " + mostElements + " elements, and is " + elements);
        }
    }

    private static InvalidRequestException fault(String detail) {
        return new InvalidRequestException(new Fault(Part.BODY, "", detail));
    }
}
