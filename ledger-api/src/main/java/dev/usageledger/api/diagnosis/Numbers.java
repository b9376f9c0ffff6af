package dev.usageledger.api.diagnosis;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers by name, in the order in which people read them. */
record Numbers(Map<String, @Nullable Object> all) {
    static Numbers of(String name, @Nullable Object value) {
        return new Numbers(new LinkedHashMap<>()).and(name, value);
    }

    Numbers and(String name, @Nullable Object value) {
        all.put(name, value);
        return this;
    }
}
