package dev.usageledger.api.http.request;

import dev.usageledger.api.http.request.Fault.Part;
import dev.usageledger.api.http.request.Json.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object of a request. What is read from it is what it may hold: anything else is a fault, unless it is said to be
 * allowed. A field with the value null counts as not given.
 */
public final class JsonObject {
    private final List<Fault> faults;
    private final String pointer;
    private final @Nullable ObjectNode node;
    private final Set<String> known = new HashSet<>();
    private final List<JsonObject> nested = new ArrayList<>();
    private Predicate<String> alsoAllowed = name -> false;

    /** @param node {@code null} when it is missing or no object, which has been reported: no more is said about it */
    JsonObject(List<Fault> faults, String pointer, @Nullable ObjectNode node) {
        this.faults = faults;
        this.pointer = pointer;
        this.node = node;
    }

    public <T> Given<T> required(String name, Kind<T> kind) {
        return isGiven(name) ? optional(name, kind) : missing(name);
    }

    /** For a field where null means something: it has to be there, so that nobody says it by forgetting it. */
    public <T> Given<T> requiredOrNull(String name, Kind<T> kind) {
        return isNamed(name) ? optional(name, kind) : missing(name);
    }

    public <T> Given<T> optional(String name, Kind<T> kind) {
        known.add(name);
        JsonNode value = value(name);
        if (value == null) {
            return Given.nothing();
        }
        try {
            return Given.of(kind.read(value));
        } catch (IllegalArgumentException e) {
            report(name, String.valueOf(e.getMessage()));
            return Given.nothing();
        }
    }

    /** An object that has to be there. Where it is missing that is reported once, and reading goes on with nothing. */
    public JsonObject requiredObject(String name) {
        JsonObject object = optionalObject(name);
        if (object == null) {
            missing(name);
            return new JsonObject(faults, pointer, null);
        }
        return object;
    }

    public @Nullable JsonObject optionalObject(String name) {
        known.add(name);
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof ObjectNode)) {
            report(name, "must be an object");
        }
        JsonObject object =
                new JsonObject(faults, pointer + "/" + name, value instanceof ObjectNode found ? found : null);
        nested.add(object);
        return object;
    }

    /** Whether the field is there with a value. */
    public boolean isGiven(String name) {
        return value(name) != null;
    }

    /** Whether the field is there, be it with the value null. */
    public boolean isNamed(String name) {
        return node != null && node.has(name);
    }

    /** Adds a fault that a single field could not know of. */
    public void report(String name, String detail) {
        if (node != null) {
            faults.add(new Fault(Part.BODY, pointer + "/" + name, detail));
        }
    }

    /** Allows fields that are not read, by their name. */
    public void mayHold(Predicate<String> names) {
        alsoAllowed = names;
    }

    void reportUnknown() {
        if (node != null) {
            node.propertyNames().stream()
                    .filter(name -> !known.contains(name) && !alsoAllowed.test(name))
                    .forEach(name -> report(escaped(name), "is not a field of this request"));
        }
        nested.forEach(JsonObject::reportUnknown);
    }

    private <T> Given<T> missing(String name) {
        known.add(name);
        report(name, "is required");
        return Given.nothing();
    }

    private @Nullable JsonNode value(String name) {
        JsonNode value = node == null ? null : node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
