package dev.usageledger.api.http.ingestion;

import java.util.List;

/** What became of the events of a request, in the order in which they stood, and how many of each. */
record IngestionAnswer(long accepted, long duplicate, long rejected, List<IngestedEvent> events) {
    static IngestionAnswer of(List<IngestedEvent> events) {
        return new IngestionAnswer(
                count(events, IngestedEvent.ACCEPTED),
                count(events, IngestedEvent.DUPLICATE),
                count(events, IngestedEvent.REJECTED),
                events);
    }

    private static long count(List<IngestedEvent> events, String status) {
        return events.stream().filter(event -> event.status().equals(status)).count();
    }
}
