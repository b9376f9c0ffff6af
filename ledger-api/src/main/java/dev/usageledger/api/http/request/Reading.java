package dev.usageledger.api.http.request;

import dev.usageledger.api.http.request.Fault.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * One JSON object that is read by itself, with faults of its own. As with a {@link Request}, every part is named first
 * and values are asked for inside {@link #complete}.
 */
public final class Reading {
    private final List<Fault> faults = new ArrayList<>();
    private final JsonObject object;

    public Reading(ObjectNode node) {
        object = new JsonObject(faults, "", node);
    }

    public JsonObject object() {
        return object;
    }

    /**
     * What the object is for, made of the values that were read.
     *
     * @throws InvalidRequestException with every fault, when there is any
     */
    public <T> T complete(Supplier<T> purpose) {
        object.reportUnknown();
        if (!faults.isEmpty()) {
            throw new InvalidRequestException(faults);
        }
        try {
            return purpose.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(Fault.of(Part.BODY, e));
        }
    }
}
