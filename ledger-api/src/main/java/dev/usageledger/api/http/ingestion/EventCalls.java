package dev.usageledger.api.http.ingestion;

import dev.usageledger.api.http.HttpSettings;
import dev.usageledger.api.http.Refusals;
import dev.usageledger.api.http.Turns;
import dev.usageledger.api.http.problem.Problems;
import dev.usageledger.api.http.request.Fault;
import dev.usageledger.api.http.request.Fault.Part;
import dev.usageledger.api.http.request.InvalidRequestException;
import dev.usageledger.api.http.request.JsonElement;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.engine.Answer;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.LedgerUnavailableException;
import dev.usageledger.engine.OrderedSender;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.OrganizationCommand;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Usage in bulk, as CloudEvents: one event, or a batch of them. Each is answered by itself and one that is bad costs no
 * other anything. The events of one organization take effect in the order in which they stand.
 */
@RestController
class EventCalls {
    private static final Logger LOG = LoggerFactory.getLogger(EventCalls.class);
    private static final int MOST_BYTES = 5 * 1024 * 1024;
    private static final int MOST_EVENTS = 1_000;
    private static final MediaType ONE = MediaType.valueOf("application/cloudevents+json");
    private static final MediaType BATCH = MediaType.valueOf("application/cloudevents-batch+json");
    private static final List<MediaType> ACCEPTED = List.of(BATCH, ONE, MediaType.APPLICATION_JSON);
    private static final List<String> ATTRIBUTES =
            List.of("specversion", "id", "source", "type", "subject", "time", "dataschema");

    private final Ledger ledger;
    private final Refusals refusals;
    private final Turns memory;
    private final Turns turns;
    private final Counter accepted;
    private final Counter duplicate;
    private final Counter rejected;

    EventCalls(Ledger ledger, Refusals refusals, HttpSettings settings, MeterRegistry meters) {
        this.ledger = ledger;
        this.refusals = refusals;
        this.memory = new Turns(
                settings.batchedBytesHeld(),
                Duration.ZERO,
                "The ledger holds batches of %d bytes, and has as many. Sending this one again is safe."
                        .formatted(settings.batchedBytesHeld()));
        this.turns = new Turns(
                settings.batchedBytesAtOnce(),
                settings.longestWait(),
                "The ledger takes in batches of %d bytes at once, and is busy with as many. Sending this one again is safe."
                        .formatted(settings.batchedBytesAtOnce()));
        Gauge.builder("ledger.batches.waiting", turns, Turns::waiting)
                .description("batches of events that wait for their turn")
                .register(meters);
        this.accepted = counter(meters, IngestedEvent.ACCEPTED);
        this.duplicate = counter(meters, IngestedEvent.DUPLICATE);
        this.rejected = counter(meters, IngestedEvent.REJECTED);
    }

    private static Counter counter(MeterRegistry meters, String status) {
        return Counter.builder("ledger.ingested.events")
                .description("events of requests in bulk, and what became of them")
                .tag("status", status)
                .register(meters);
    }

    @PostMapping(path = "/v1/events", produces = "application/json")
    IngestionAnswer ingest(Request request) {
        return request.isSentAs(BATCH)
                ? memory.take(request.bytesAtMost(MOST_BYTES), () -> ingestBatch(request))
                : ingest(request.content(ACCEPTED), request);
    }

    private IngestionAnswer ingestBatch(Request request) {
        // Read before it is its turn, so that nobody waits for a slow sender; as JSON it would take much more memory.
        Request.Content content = request.content(MOST_BYTES, ACCEPTED);
        return turns.take(content.bytes().length, () -> ingest(content, request));
    }

    private IngestionAnswer ingest(Request.Content content, Request request) {
        List<JsonElement> events = events(content, request);
        request.complete(() -> events);
        IngestionAnswer answer = new Ingestion(request).of(events);
        accepted.increment(answer.accepted());
        duplicate.increment(answer.duplicate());
        rejected.increment(answer.rejected());
        return answer;
    }

    private static List<JsonElement> events(Request.Content content, Request request) {
        if (content.type().equals(BATCH)) {
            return content.elements(MOST_EVENTS);
        }
        JsonNode json = content.json();
        return List.of(JsonElement.of(content.type().equals(ONE) ? json : fromHeaders(json, request)));
    }

    /** Binary mode: the attributes are headers and the body is the data. */
    private static JsonNode fromHeaders(JsonNode data, Request request) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        for (String attribute : ATTRIBUTES) {
            String value = HeaderAttribute.of(request, attribute);
            if (value != null) {
                event.put(attribute, value);
            }
        }
        event.set("data", data);
        return event;
    }

    /** The events of one request: all are sent before the first is waited for. */
    private final class Ingestion {
        private final Origin origin;
        private final Instant receivedAt;
        private final OrderedSender sender;

        Ingestion(Request request) {
            this.origin = request.origin();
            this.sender = ledger.inOrder(origin);
            this.receivedAt = request.receivedAt();
        }

        IngestionAnswer of(List<JsonElement> events) {
            List<CompletableFuture<IngestedEvent.Outcome>> outcomes =
                    events.stream().map(this::outcome).toList();
            List<IngestedEvent.Outcome> told = outcomes.stream()
                    .map(outcome ->
                            outcome.exceptionally(EventCalls::unanswered).join())
                    .toList();
            if (told.stream().noneMatch(IngestedEvent.Outcome::isTakenIn)) {
                // As any other call: a sender that looks at the status alone must not take it for delivered.
                outcomes.stream()
                        .filter(EventCalls::isLedgerUnavailable)
                        .findFirst()
                        .ifPresent(CompletableFuture::join);
            }
            List<IngestedEvent> answered = new ArrayList<>(events.size());
            for (int i = 0; i < events.size(); i++) {
                answered.add(IngestedEvent.of(events.get(i).nodeIfReadable(), told.get(i)));
            }
            return IngestionAnswer.of(answered);
        }

        private CompletableFuture<IngestedEvent.Outcome> outcome(JsonElement event) {
            try {
                if (!(event.node() instanceof ObjectNode object)) {
                    throw new InvalidRequestException(new Fault(Part.BODY, "", "must be a JSON object"));
                }
                return send(IngestedCommand.of(new CloudEvent(object), receivedAt));
            } catch (InvalidRequestException e) {
                return CompletableFuture.completedFuture(IngestedEvent.rejected(Problems.invalid(e.faults())));
            }
        }

        private CompletableFuture<IngestedEvent.Outcome> send(OrganizationCommand command) {
            return sender.send(command).thenApply(answer -> outcome(command, answer));
        }

        private IngestedEvent.Outcome outcome(OrganizationCommand command, Answer answer) {
            return switch (answer) {
                case Answer.Done done -> IngestedEvent.done(done);
                case Answer.Refused refusal ->
                    IngestedEvent.rejected(refusals.of(command, refusal.rejection(), origin));
            };
        }
    }

    private static boolean isLedgerUnavailable(CompletableFuture<?> outcome) {
        return outcome.isCompletedExceptionally() && outcome.exceptionNow() instanceof LedgerUnavailableException;
    }

    private static IngestedEvent.Outcome unanswered(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        if (cause instanceof LedgerUnavailableException unavailable) {
            return IngestedEvent.rejected(Problems.unavailable(unavailable));
        }
        LOG.error("An event could not be taken in", cause);
        return IngestedEvent.rejected(Problems.ofStatus(500));
    }
}
