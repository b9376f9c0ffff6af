package dev.usageledger.engine;

import dev.usageledger.engine.EventTable.Amendment;
import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.OrganizationEvent.ReservationSettled;
import dev.usageledger.organization.OrganizationEvent.ThresholdReached;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds events. What is asked for by a transcription, a reservation or a purchase is looked up; time is found by halving;
 * for everything else so many events are gone through at a time, so every page comes quickly, however long the history.
 */
final class Explorer {
    static final int MOST_LOOKED_AT = 20_000;

    private final JdbcTransactions transactions;

    Explorer(JdbcTransactions transactions) {
        this.transactions = transactions;
    }

    /** As {@link Ledger#find}. */
    FoundEvents find(OrganizationId id, EventFilter filter, @Nullable Long before, int limit) {
        return transactions.call(connection -> find(connection, id, filter, before, limit));
    }

    private static FoundEvents find(
            Connection connection, OrganizationId id, EventFilter filter, @Nullable Long before, int limit)
            throws SQLException {
        long first = 1 + lastBefore(connection, id, filter.from(), -1);
        long last = lastBefore(connection, id, filter.to(), EventTable.lastSequence(connection, id));
        last = before == null ? last : Math.min(last, before - 1);
        SortedSet<Long> related = related(connection, id, filter);
        if (related != null) {
            SortedSet<Long> within = first > last ? new TreeSet<>() : related.subSet(first, last + 1);
            return page(connection, EventTable.matching(connection, id, within, filter, limit + 1), limit, null);
        }
        long from = filter.isSelective() ? Math.max(first, last - MOST_LOOKED_AT + 1) : first;
        List<RecordedEvent> found = EventTable.matching(connection, id, from, last, filter, limit + 1);
        return page(connection, found, limit, from > first ? EventTable.at(connection, id, from) : null);
    }

    /** @param stopped the earliest event that was looked at; {@code null} when none is left before it */
    private static FoundEvents page(
            Connection connection, List<RecordedEvent> found, int limit, @Nullable RecordedEvent stopped)
            throws SQLException {
        boolean isFull = found.size() > limit;
        List<RecordedEvent> events = isFull ? found.subList(0, limit) : found;
        Long more = stopped == null ? null : (Long) stopped.sequence();
        return new FoundEvents(
                events,
                causes(connection, events),
                isFull ? (Long) events.getLast().sequence() : more,
                isFull || stopped == null ? null : stopped.event().recordedAt());
    }

    private static long lastBefore(Connection connection, OrganizationId id, @Nullable Instant time, long otherwise)
            throws SQLException {
        return time == null ? otherwise : EventTable.lastRecordedBy(connection, id, time.minus(1, ChronoUnit.MICROS));
    }

    // --- what is about one thing

    /** The sequences of the events about the things that are asked for; {@code null} when none is. */
    private static @Nullable SortedSet<Long> related(Connection connection, OrganizationId id, EventFilter filter)
            throws SQLException {
        List<Collection<RecordedEvent>> found = new ArrayList<>();
        if (filter.transcriptionId() != null) {
            found.add(about(connection, id, filter.transcriptionId()));
        }
        if (filter.reservationId() != null) {
            found.add(about(connection, id, filter.reservationId()));
        }
        if (filter.purchaseId() != null) {
            found.add(about(connection, id, filter.purchaseId()));
        }
        return found.stream()
                .map(events -> new TreeSet<>(
                        events.stream().map(RecordedEvent::sequence).toList()))
                .reduce((some, others) -> {
                    some.retainAll(others);
                    return some;
                })
                .orElse(null);
    }

    private static List<RecordedEvent> about(Connection connection, OrganizationId id, TranscriptionId transcriptionId)
            throws SQLException {
        List<RecordedEvent> found =
                new ArrayList<>(EventTable.amendments(connection, id, Amendment.CORRECTION, transcriptionId.value()));
        for (RecordedEvent recording : byIdentity(connection, id, EventIdentity.transcription(transcriptionId))) {
            found.add(recording);
            if (recording.event() instanceof TranscriptionRecorded e && e.reservationId() != null) {
                byIdentity(connection, id, EventIdentity.endOfReservation(e.reservationId())).stream()
                        .filter(end -> end.event() instanceof ReservationSettled settled
                                && settled.transcriptionId().equals(transcriptionId))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static List<RecordedEvent> about(Connection connection, OrganizationId id, ReservationId reservationId)
            throws SQLException {
        List<RecordedEvent> found = new ArrayList<>(byIdentity(
                connection,
                id,
                EventIdentity.reservation(reservationId),
                EventIdentity.endOfReservation(reservationId)));
        for (RecordedEvent end : List.copyOf(found)) {
            if (end.event() instanceof ReservationSettled e) {
                found.addAll(byIdentity(connection, id, EventIdentity.transcription(e.transcriptionId())));
            }
        }
        return found;
    }

    private static List<RecordedEvent> about(Connection connection, OrganizationId id, PurchaseId purchaseId)
            throws SQLException {
        List<RecordedEvent> found =
                new ArrayList<>(EventTable.amendments(connection, id, Amendment.REFUND, purchaseId.value()));
        found.addAll(
                byIdentity(connection, id, EventIdentity.purchase(purchaseId), EventIdentity.expiryOfPack(purchaseId)));
        return found;
    }

    private static List<RecordedEvent> byIdentity(Connection connection, OrganizationId id, EventIdentity... identities)
            throws SQLException {
        return EventTable.byIds(
                connection,
                Stream.of(identities).map(identity -> EventId.of(id, identity)).toList());
    }

    // --- what follows from what

    private static Map<UUID, UUID> causes(Connection connection, List<RecordedEvent> events) throws SQLException {
        Map<UUID, UUID> causes = new HashMap<>();
        for (RecordedEvent recorded : events) {
            EventIdentity cause = recorded.event().cause();
            if (cause != null) {
                causes.put(recorded.eventId(), EventId.of(recorded.organizationId(), cause));
            }
        }
        List<RecordedEvent> thresholds = events.stream()
                .filter(recorded -> recorded.event() instanceof ThresholdReached)
                .toList();
        if (!thresholds.isEmpty()) {
            causes.putAll(EventTable.reasonsOfThresholds(connection, thresholds));
        }
        return causes;
    }
}
