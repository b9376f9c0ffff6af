package dev.usageledger.engine;

import dev.usageledger.organization.Balance;
import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.Hindsight;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PeriodCalendar;
import dev.usageledger.organization.WhatIf;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an organization stood at any moment since it was opened, as it was known at any moment. Exact on every node: all
 * of it comes from the events, and chapters only say where to begin.
 */
final class TimeTravel {
    private static final Logger LOG = LoggerFactory.getLogger(TimeTravel.class);

    private final JdbcTransactions transactions;
    private final EventPages pages;
    private final Chapters chapters;
    private final OrganizationDecider decider;
    private final LedgerPolicy policy;

    TimeTravel(
            JdbcTransactions transactions,
            EventPages pages,
            Chapters chapters,
            OrganizationDecider decider,
            LedgerPolicy policy) {
        this.transactions = transactions;
        this.pages = pages;
        this.chapters = chapters;
        this.decider = decider;
        this.policy = policy;
    }

    /** As {@link Ledger#standing(OrganizationId, Instant, Instant)}. */
    Optional<Standing> standing(OrganizationId organizationId, Instant at, Instant knownAt) {
        return asKnownAt(
                organizationId,
                at.isBefore(knownAt) ? at : knownAt,
                (connection, then) -> standing(connection, then, at, knownAt));
    }

    /**
     * What became of an organization since the beginning of the period that {@code from} is in, beside what would have
     * become of it; empty when it is unknown. Goes through all events since, and holds neither many of them in memory
     * nor a connection for all that time.
     *
     * @throws BeforeOpeningException when it had no ledger by then
     */
    Optional<List<WhatIf.Comparison>> whatIf(
            OrganizationId organizationId, Instant from, Instant now, WhatIf.Alternative alternative) {
        return asKnownAt(organizationId, from, (connection, then) -> stretch(connection, then.open(), now))
                .map(stretch -> {
                    WhatIf whatIf = new WhatIf(decider, stretch.start().open(), alternative);
                    pages.read(
                            organizationId,
                            stretch.start().sequence(),
                            stretch.last(),
                            next -> whatIf.happened(next.event()));
                    return whatIf.periods(now);
                });
    }

    /**
     * A part of a history.
     *
     * @param start the organization after the event that the period began with
     * @param last sequence of the last event that belongs to it
     */
    private record Stretch(KnownOrganization start, long last) {}

    private static Stretch stretch(Connection connection, Open organization, Instant until) throws SQLException {
        OrganizationId id = organization.id();
        RecordedEvent beginning = beginning(connection, organization);
        return new Stretch(
                recorded(connection, id, beginning.sequence()), EventTable.lastRecordedBy(connection, id, until));
    }

    /** When an organization was opened; empty when it is unknown. */
    Optional<Instant> openedAt(OrganizationId organizationId) {
        return transactions.call(connection -> Optional.ofNullable(EventTable.openedAt(connection, organizationId)));
    }

    /** What is to be found out about an organization as it was recorded. */
    @FunctionalInterface
    interface Question<T> {
        T of(Connection connection, KnownOrganization recorded) throws SQLException;
    }

    /**
     * The answer to a question about an organization as it had been recorded by then; empty when it is unknown.
     *
     * @throws BeforeOpeningException when it had no ledger by then
     */
    <T> Optional<T> asKnownAt(OrganizationId organizationId, Instant at, Question<T> question) {
        try {
            return asked(organizationId, at, question);
        } catch (UnreadableEventException e) {
            LOG.warn("the chapters of {} are written anew: they cannot be read", organizationId, e);
            chapters.forget(organizationId);
            return asked(organizationId, at, question);
        }
    }

    private <T> Optional<T> asked(OrganizationId organizationId, Instant at, Question<T> question) {
        chapters.complete(organizationId);
        return transactions.call(connection -> {
            // Chapters may come and go meanwhile; what this transaction finds has to stay as it is found.
            JdbcTransactions.inOneSnapshot(connection);
            Instant openedAt = EventTable.openedAt(connection, organizationId);
            if (openedAt == null) {
                return Optional.empty();
            }
            if (at.isBefore(openedAt)) {
                throw new BeforeOpeningException(at, openedAt);
            }
            long sequence = EventTable.lastRecordedBy(connection, organizationId, at);
            return Optional.of(question.of(connection, recorded(connection, organizationId, sequence)));
        });
    }

    private Standing standing(Connection connection, KnownOrganization then, Instant at, Instant knownAt)
            throws SQLException {
        OrganizationId id = then.open().id();
        long known = knownAt.isAfter(at) ? EventTable.lastRecordedBy(connection, id, knownAt) : then.sequence();
        Open organization = decider.advanced(then.open(), at);
        for (Map.Entry<Long, Long> period :
                hindsight(connection, id, then.sequence(), known, at).entrySet()) {
            organization = OrganizationDecider.inHindsight(organization, period.getKey(), period.getValue(), at);
        }
        return new Standing(Balance.of(organization, policy), at, then.position());
    }

    /** The organization after its event at {@code sequence}. */
    static KnownOrganization recorded(Connection connection, OrganizationId id, long sequence) throws SQLException {
        KnownOrganization[] organization = {ChapterTable.lastEnd(connection, id, Chapter.completeAfter(sequence))};
        EventCopy.read(
                connection,
                id,
                organization[0].sequence(),
                sequence,
                event -> organization[0] = organization[0].after(event));
        return organization[0];
    }

    /** The event that began the current period: a roll, or the opening. */
    static RecordedEvent beginning(Connection connection, Open organization) throws SQLException {
        PeriodCalendar calendar = organization.periods().calendar();
        long index = organization.periods().current().period().index();
        UUID roll = EventId.of(organization.id(), EventIdentity.roll(calendar.period(index - 1)));
        UUID opening = EventId.of(organization.id(), EventIdentity.opening(organization.id()));
        // The roll comes later than the opening where there are both.
        return EventTable.byIds(connection, List.of(roll, opening)).stream()
                .reduce((a, b) -> a.sequence() > b.sequence() ? a : b)
                .orElseThrow();
    }

    /**
     * How many minutes more, or fewer, of usage up to {@code at} became known by the events after {@code recorded} up to
     * {@code known}; by the index of the period that counts them, the closed one first.
     */
    private static SortedMap<Long, Long> hindsight(
            Connection connection, OrganizationId id, long recorded, long known, Instant at) throws SQLException {
        SortedMap<Long, Long> minutes = new TreeMap<>();
        if (known <= recorded) {
            return minutes;
        }
        long complete = Math.min(
                Chapter.completeAfter(known), ChapterTable.firstMissing(connection, id, Chapter.of(recorded + 1)));
        List<Hindsight> singly = new ArrayList<>(fromEvents(connection, id, complete - 1, known));
        for (ChapterTable.Late late : ChapterTable.lateBy(connection, id, recorded, complete, at)) {
            late.minutes().forEach((period, sum) -> minutes.merge(period, sum, Math::addExact));
            singly.addAll(
                    late.hasDelayed()
                            ? fromEvents(connection, id, late.chapter() - 1, Chapter.lastSequence(late.chapter()))
                            : late.late());
        }
        for (Hindsight hindsight : singly) {
            if (hindsight.sequence() > recorded && !hindsight.effectiveAt().isAfter(at)) {
                minutes.merge(hindsight.period(), hindsight.minutes(), Math::addExact);
            }
        }
        return minutes;
    }

    private static List<Hindsight> fromEvents(Connection connection, OrganizationId id, long afterChapter, long until)
            throws SQLException {
        List<Correction> corrections = new ArrayList<>();
        List<Hindsight> found = new ArrayList<>();
        EventCopy.read(connection, id, Chapter.lastSequence(afterChapter), until, next -> {
            if (next.event() instanceof TranscriptionRecorded e) {
                found.add(Hindsight.of(next.sequence(), e));
            } else if (next.event() instanceof TranscriptionCorrected e) {
                corrections.add(Correction.of(id, next.sequence(), e));
            }
        });
        Map<UUID, TranscriptionRecorded> recordings = Correction.recordings(connection, corrections);
        corrections.forEach(correction -> found.add(correction.in(recordings)));
        return found;
    }
}
