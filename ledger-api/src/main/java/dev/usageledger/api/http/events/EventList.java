package dev.usageledger.api.http.events;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.http.ListAnswer;
import dev.usageledger.api.http.Lists.Paging;
import dev.usageledger.api.http.answer.Entry;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.engine.EventQuery;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PeriodCalendar;
import dev.usageledger.projections.Cursor;
import dev.usageledger.projections.Page;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The events of an organization, read from the ledger and not from a read model. */
@RestController
class EventList {
    private static final String NEWEST_FIRST = "events";

    private final Ledger ledger;

    EventList(Ledger ledger) {
        this.ledger = ledger;
    }

    /** An event with its place in the ledger, and who sent the command that led to it. */
    record EventView(
            long position,
            long sequence,
            UUID eventId,
            @Nullable String actor,
            @Nullable String correlationId,
            @Nullable String reason,
            Entry event) {
        static EventView of(RecordedEvent recorded, PeriodCalendar calendar) {
            return new EventView(
                    recorded.position(),
                    recorded.sequence(),
                    recorded.eventId(),
                    recorded.metadata().get("actor"),
                    recorded.metadata().get("correlationId"),
                    recorded.metadata().get("reason"),
                    Entry.of(recorded.event(), calendar));
        }
    }

    @GetMapping(path = "/v1/organizations/{organizationId}/events", produces = "application/json")
    ListAnswer<EventView> list(Request request) {
        var organizationId = organizationId(request);
        Paging paging = Paging.of(request);
        OrganizationId id = request.complete(organizationId::value);
        PeriodCalendar calendar = calendar(id, request);
        long head = ledger.head();
        List<RecordedEvent> events = ledger.events(new EventQuery(id, before(paging), Page.rowsFor(paging.size())));
        Page<RecordedEvent> page = Page.of(events, paging.size(), event -> Cursor.at(NEWEST_FIRST, event.sequence()));
        List<EventView> views = page.items().stream()
                .map(event -> EventView.of(event, calendar))
                .toList();
        return new ListAnswer<>(views, page.next(), head, 0);
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
