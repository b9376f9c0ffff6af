package dev.usageledger.engine;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a command, and why; kept with the events it leads to.
 *
 * @param actor the name of the API key, or of the part of the service, that sent it
 * @param correlationId what ties it to the caller's request
 * @param reason the caller's own words, if there are any
 */
public record Origin(
        String actor, String correlationId, @Nullable String reason) {
    Map<String, String> metadata() {
        Map<String, String> metadata = new TreeMap<>(Map.of("actor", actor, "correlationId", correlationId));
        if (reason != null) {
            metadata.put("reason", reason);
        }
        return metadata;
    }
}
