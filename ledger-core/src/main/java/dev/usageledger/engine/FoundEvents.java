package dev.usageledger.engine;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of the events that were looked for, newest first.
 *
 * @param causes for the events that follow from another one: its id, by theirs
 * @param next the sequence that the next page comes before; {@code null} when there can be no more
 * @param lookedBackTo where looking has stopped for now: there may be more before; {@code null} when the page is full, or
 *     the last
 */
public record FoundEvents(
        List<RecordedEvent> events,
        Map<UUID, UUID> causes,
        @Nullable Long next,
        @Nullable Instant lookedBackTo) {
    public FoundEvents {
        events = List.copyOf(events);
        causes = Map.copyOf(causes);
    }
}
