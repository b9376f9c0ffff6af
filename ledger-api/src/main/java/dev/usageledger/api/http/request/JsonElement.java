package dev.usageledger.api.http.request;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** An element of a JSON array, or what keeps it from being read. */
public final class JsonElement {
    private final JsonNode node;
    private final List<Fault> faults;

    private JsonElement(JsonNode node, List<Fault> faults) {
        this.node = node;
        this.faults = faults;
    }

    public static JsonElement of(JsonNode node) {
        return new JsonElement(node, List.of());
    }

    static JsonElement read(byte[] text) {
        try {
            return of(StrictJson.read(text));
        } catch (InvalidRequestException e) {
            return new JsonElement(MissingNode.getInstance(), e.faults());
        }
    }

    /** @throws InvalidRequestException when it cannot be read */
    public JsonNode node() {
        if (!faults.isEmpty()) {
            throw new InvalidRequestException(faults);
        }
        return node;
    }

    /** As {@link #node}, with nothing in it where it cannot be read. */
    public JsonNode nodeIfReadable() {
        return node;
    }
}
