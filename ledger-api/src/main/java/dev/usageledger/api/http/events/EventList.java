package dev.usageledger.api.http.events;

import static dev.usageledger.api.http.request.Fields.organizationId;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.usageledger.api.http.Lists.Paging;
import dev.usageledger.api.http.answer.Entry;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.request.Given;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.engine.EventFilter;
import dev.usageledger.engine.FoundEvents;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PeriodCalendar;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.Cursor;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The events of an organization, all or those that are looked for; read from the ledger and not from a read model. */
@RestController
class EventList {
    private static final String NEWEST_FIRST = "events";
    private static final int LONGEST_TEXT = 256;

    private final Ledger ledger;

    EventList(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * An event with its place in the ledger, who sent the command that led to it, and what it follows from.
     *
     * @param causationId of the event that it follows from; {@code null} when there is none
     */
    record EventView(
            long position,
            long sequence,
            UUID eventId,
            @Nullable String actor,
            @Nullable String correlationId,
            @Nullable UUID causationId,
            @Nullable String reason,
            Entry event) {
        static EventView of(RecordedEvent recorded, @Nullable UUID causationId, PeriodCalendar calendar) {
            return new EventView(
                    recorded.position(),
                    recorded.sequence(),
                    recorded.eventId(),
                    recorded.metadata().get("actor"),
                    recorded.metadata().get("correlationId"),
                    causationId,
                    recorded.metadata().get("reason"),
                    Entry.of(recorded.event(), calendar));
        }
    }

    /**
     * A page of events.
     *
     * @param lookedBackTo left out, unless looking has stopped there for now: {@code next} goes on
     */
    record EventPage(
            List<EventView> items,
            @Nullable String next,
            long asOfPosition,
            long lag,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Instant lookedBackTo) {}

    @GetMapping(path = "/v1/organizations/{organizationId}/events", produces = "application/json")
    EventPage list(Request request) {
        var organizationId = organizationId(request);
        var filter = filter(request);
        Paging paging = Paging.of(request);
        OrganizationId id = request.complete(organizationId::value);
        PeriodCalendar calendar = calendar(id, request);
        long head = ledger.head();
        FoundEvents found = ledger.find(id, filter.get(), before(paging), paging.size());
        Long next = found.next();
        return new EventPage(
                found.events().stream()
                        .map(event -> EventView.of(event, found.causes().get(event.eventId()), calendar))
                        .toList(),
                next == null ? null : Cursor.at(NEWEST_FIRST, next).token(),
                head,
                0,
                found.lookedBackTo());
    }

    private static Supplier<EventFilter> filter(Request request) {
        var types = request.queries("type", Text.oneOf(Ledger.eventTypes()));
        var from = request.query("from", Text::time);
        var to = request.query("to", Text::time);
        var transcriptionId = request.query("transcriptionId", TranscriptionId::new);
        var reservationId = request.query("reservationId", ReservationId::new);
        var purchaseId = request.query("purchaseId", PurchaseId::new);
        var userId = request.query("userId", UserId::new);
        var actor = request.query("actor", Text.upTo(LONGEST_TEXT));
        var correlationId = request.query("correlationId", Text.upTo(LONGEST_TEXT));
        return () -> new EventFilter(
                types.stream().map(Given::value).toList(),
                from.orNull(),
                to.orNull(),
                transcriptionId.orNull(),
                reservationId.orNull(),
                purchaseId.orNull(),
                userId.orNull(),
                actor.orNull(),
                correlationId.orNull());
    }

    private PeriodCalendar calendar(OrganizationId organizationId, Request request) {
        return ledger.standing(organizationId, request.receivedAt())
                .map(standing -> standing.balance().calendar())
                .orElseThrow(() -> ProblemException.organizationNotFound(organizationId));
    }

    private static @Nullable Long before(Paging paging) {
        String cursor = paging.cursor().orNull();
        return cursor == null ? null : Cursor.number(cursor, NEWEST_FIRST, 0);
    }
}
