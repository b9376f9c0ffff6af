package dev.usageledger.engine;

import dev.usageledger.engine.HashChain.Link;
import dev.usageledger.engine.HashChain.LinkedEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.TranscriptionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code ledger.events}: the one table that is the ledger. */
final class EventTable {
    private static final int ROWS_PER_FETCH = 1_000;

    /** The advisory lock that all who append share, unless one asks for a turn of its own. */
    private static final long TURN = 0x7573_6167_656c_6564L;

    // Arrays become rows in the list of a SELECT, since in its FROM they would be put aside first and read back.
    private static final String APPEND = """
            INSERT INTO ledger.events
                (organization_id, sequence, event_id, type, revision, recorded_at, payload, metadata, hash)
            SELECT o, s, i::uuid, t, r,
                   -- apart, since an interval is multiplied in floating point
                   timestamptz 'epoch' + at / 1000000 * interval '1 second' + at %% 1000000 * interval '1 microsecond',
                   p::json, m::json, h
            FROM (SELECT
                unnest(?::text[]) AS o, unnest(?::bigint[]) AS s, unnest(?::text[]) AS i, unnest(?::text[]) AS t,
                unnest(?::smallint[]) AS r, unnest(?::bigint[]) AS at, unnest(?::text[]) AS p,
                unnest(?::text[]) AS m, unnest(?::bytea[]) AS h) AS event
            WHERE (SELECT pg_advisory_xact_lock_shared(%d)) IS NOT NULL
            RETURNING position
            """.formatted(TURN);

    // Arrays of one would take longer than all the rest, and whoever records one event at a time waits for it.
    private static final String APPEND_ONE = APPEND.replaceAll("unnest\\((.*?)\\[]\\)", "$1");

    private EventTable() {}

    /**
     * Stores events in one statement. Its arrays are of strings and numbers, since the driver sends few others in binary.
     *
     * @return the events as they stand there now, in the order given
     */
    static List<RecordedEvent> append(Connection connection, List<LinkedEvent> events) throws SQLException {
        int size = events.size();
        String[] organizations = new String[size];
        Long[] sequences = new Long[size];
        String[] ids = new String[size];
        String[] types = new String[size];
        Short[] revisions = new Short[size];
        Long[] times = new Long[size];
        String[] payloads = new String[size];
        String[] metadata = new String[size];
        byte[][] hashes = new byte[size][];
        for (int i = 0; i < size; i++) {
            EventRow row = events.get(i).event().row();
            organizations[i] = row.organizationId();
            sequences[i] = row.sequence();
            ids[i] = row.eventId().toString();
            types[i] = row.type();
            revisions[i] = (short) row.revision();
            times[i] = inMicroseconds(row.recordedAt());
            payloads[i] = row.payload();
            metadata[i] = row.metadata();
            hashes[i] = events.get(i).hash().bytes();
        }
        try (PreparedStatement insert = connection.prepareStatement(size == 1 ? APPEND_ONE : APPEND)) {
            setColumn(insert, 1, "text", organizations);
            setColumn(insert, 2, "int8", sequences);
            setColumn(insert, 3, "text", ids);
            setColumn(insert, 4, "text", types);
            setColumn(insert, 5, "int2", revisions);
            setColumn(insert, 6, "int8", times);
            setColumn(insert, 7, "text", payloads);
            setColumn(insert, 8, "text", metadata);
            setColumn(insert, 9, "bytea", hashes);
            List<RecordedEvent> recorded = new ArrayList<>(size);
            try (ResultSet rows = insert.executeQuery()) {
                for (int i = 0; rows.next(); i++) {
                    recorded.add(events.get(i).event().at(rows.getLong(1)));
                }
            }
            return recorded;
        }
    }

    /** The values of a column, or its value where there is one row. */
    private static void setColumn(PreparedStatement insert, int index, String type, Object[] values)
            throws SQLException {
        if (values.length == 1) {
            insert.setObject(index, values[0]);
        } else {
            insert.setArray(index, insert.getConnection().createArrayOf(type, values));
        }
    }

    /**
     * Keeps all others from appending until this transaction ends, so that what it reads stays true. For a writer that
     * has lost: others may be faster every time. Nobody is kept for long by a node that has come to a halt.
     */
    static void takeTurn(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("""
                SELECT set_config('lock_timeout', '2s', true),
                       set_config('idle_in_transaction_session_timeout', '2s', true),
                       pg_advisory_xact_lock(%d)
                """.formatted(TURN))) {
            lock.execute();
        }
    }

    /** The links of the events with these sequences, those that are stored. */
    static Map<OrganizationId, Link> links(Connection connection, Map<OrganizationId, Long> sequences)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT organization_id, sequence, hash FROM ledger.events
                JOIN unnest(?::text[], ?::bigint[]) AS asked (organization_id, sequence)
                    USING (organization_id, sequence)
                """)) {
            query.setArray(1, connection.createArrayOf("text", texts(sequences.keySet())));
            query.setArray(
                    2, connection.createArrayOf("int8", sequences.values().toArray(Long[]::new)));
            Map<OrganizationId, Link> links = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    links.put(
                            new OrganizationId(row.getString("organization_id")),
                            new Link(row.getLong("sequence"), new EventHash(row.getBytes("hash"))));
                }
            }
            return links;
        }
    }

    /** Hands over the events of one organization after {@code sequence}, in order, without holding them all in memory. */
    static void read(Connection connection, OrganizationId organizationId, long sequence, Consumer<RecordedEvent> to)
            throws SQLException {
        read(connection, organizationId, sequence, Long.MAX_VALUE, to);
    }

    /** As {@link #read(Connection, OrganizationId, long, Consumer)}, up to {@code last}. */
    static void read(
            Connection connection, OrganizationId organizationId, long sequence, long last, Consumer<RecordedEvent> to)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT * FROM ledger.events WHERE organization_id = ? AND sequence > ? AND sequence <= ? ORDER BY sequence
                """)) {
            query.setFetchSize(ROWS_PER_FETCH);
            query.setString(1, organizationId.value());
            query.setLong(2, sequence);
            query.setLong(3, last);
            forEach(query, to);
        }
    }

    /** The sequence of an organization's last event; −1 when it has none. */
    static long lastSequence(Connection connection, OrganizationId organizationId) throws SQLException {
        PreparedStatement query = connection.prepareStatement(
                "SELECT coalesce(max(sequence), -1) FROM ledger.events WHERE organization_id = ?");
        query.setString(1, organizationId.value());
        return number(query);
    }

    /** When the first event of an organization was recorded; {@code null} when it has none. */
    static @Nullable Instant openedAt(Connection connection, OrganizationId organizationId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT recorded_at FROM ledger.events WHERE organization_id = ? AND sequence = 0")) {
            query.setString(1, organizationId.value());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? row.getObject("recorded_at", OffsetDateTime.class).toInstant()
                        : null;
            }
        }
    }

    /**
     * The sequence of the last event that an organization had recorded by then; −1 when there was none. Its time never
     * runs backwards, so halving finds it: some twenty looks into the index of sequences among a million events.
     */
    static long lastRecordedBy(Connection connection, OrganizationId organizationId, Instant at) throws SQLException {
        PreparedStatement query = connection.prepareStatement("""
                WITH RECURSIVE asked AS (
                    SELECT CAST(? AS text) COLLATE "C" AS organization_id, CAST(? AS timestamptz) AS at
                ), search (by_then, later) AS (
                    SELECT -1::bigint, 1 + coalesce(
                        (SELECT max(sequence) FROM ledger.events WHERE organization_id = asked.organization_id), -1)
                    FROM asked
                    UNION ALL
                    SELECT CASE WHEN is_by_then THEN middle ELSE by_then END,
                           CASE WHEN is_by_then THEN later ELSE middle END
                    FROM search
                    CROSS JOIN asked
                    CROSS JOIN LATERAL (SELECT (by_then + later) / 2 AS middle) AS half
                    CROSS JOIN LATERAL (
                        SELECT recorded_at <= asked.at AS is_by_then FROM ledger.events
                        WHERE organization_id = asked.organization_id AND sequence = middle
                    ) AS event
                    WHERE later - by_then > 1
                )
                SELECT max(by_then) FROM search
                """);
        query.setString(1, organizationId.value());
        query.setObject(2, at.atOffset(ZoneOffset.UTC));
        return number(query);
    }

    /**
     * In one query: the events of each organization after the sequence that is known of it, in order, and those with
     * these identifiers. Within a transaction, few of them are in memory at a time.
     *
     * @param mostNewer how many of the former are read at most, of all organizations together
     * @return how many of the former were read
     */
    static long readAfter(
            Connection connection,
            Map<OrganizationId, Long> known,
            long mostNewer,
            Consumer<RecordedEvent> to,
            Collection<UUID> ids,
            Consumer<RecordedEvent> found)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                (SELECT newer.*, false AS asked_for
                FROM unnest(?::text[], ?::bigint[]) AS known (organization_id, sequence)
                CROSS JOIN LATERAL (
                    SELECT * FROM ledger.events
                    WHERE organization_id = known.organization_id AND sequence > known.sequence
                    ORDER BY sequence
                    OFFSET 0 -- one look into the index per organization, whatever the planner thinks of the table
                ) AS newer
                LIMIT ?)
                UNION ALL
                SELECT *, true FROM ledger.events WHERE event_id = ANY (?::text[]::uuid[])
                """)) {
            query.setFetchSize(ROWS_PER_FETCH);
            query.setArray(1, connection.createArrayOf("text", texts(known.keySet())));
            query.setArray(2, connection.createArrayOf("int8", known.values().toArray(Long[]::new)));
            query.setLong(3, mostNewer);
            query.setArray(4, connection.createArrayOf("text", texts(ids)));
            long newer = 0;
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    boolean askedFor = row.getBoolean("asked_for");
                    newer += askedFor ? 0 : 1;
                    (askedFor ? found : to).accept(event(row));
                }
            }
            return newer;
        }
    }

    static String[] texts(Collection<?> ids) {
        return ids.stream().map(Object::toString).toArray(String[]::new);
    }

    /** The newest events of one organization before a sequence, newest first. */
    static List<RecordedEvent> newestFirst(Connection connection, EventQuery asked) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT * FROM ledger.events WHERE organization_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?
                """)) {
            query.setString(1, asked.organizationId().value());
            query.setLong(2, asked.beforeSequence() == null ? Long.MAX_VALUE : asked.beforeSequence());
            query.setInt(3, asked.limit());
            return list(query);
        }
    }

    /** What is asked for of an event besides its place. */
    private static final String MATCHES = """
            (cardinality(asked.types) = 0 OR type = ANY (asked.types))
            AND (asked.user_id IS NULL OR payload ->> 'userId' = asked.user_id)
            AND (asked.actor IS NULL OR metadata ->> 'actor' = asked.actor)
            AND (asked.correlation_id IS NULL OR metadata ->> 'correlationId' = asked.correlation_id)
            """;

    private static final String ASKED = """
            (SELECT CAST(? AS text[]) AS types, CAST(? AS text) AS user_id,
                    CAST(? AS text) AS actor, CAST(? AS text) AS correlation_id) AS asked
            """;

    /** The newest of the events from {@code first} to {@code last} that are asked for, newest first. */
    static List<RecordedEvent> matching(
            Connection connection, OrganizationId id, long first, long last, EventFilter filter, int limit)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT event.* FROM ledger.events AS event, %s
                WHERE organization_id = ? AND sequence >= ? AND sequence <= ? AND %s
                ORDER BY sequence DESC LIMIT ?
                """.formatted(ASKED, MATCHES))) {
            int next = ask(connection, query, filter);
            query.setString(next, id.value());
            query.setLong(next + 1, first);
            query.setLong(next + 2, last);
            query.setInt(next + 3, limit);
            return list(query);
        }
    }

    /** The newest of the events at these places that are asked for, newest first. */
    static List<RecordedEvent> matching(
            Connection connection, OrganizationId id, Collection<Long> sequences, EventFilter filter, int limit)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT event.* FROM ledger.events AS event, %s
                WHERE organization_id = ? AND sequence = ANY (?) AND %s
                ORDER BY sequence DESC LIMIT ?
                """.formatted(ASKED, MATCHES))) {
            int next = ask(connection, query, filter);
            query.setString(next, id.value());
            query.setArray(next + 1, connection.createArrayOf("int8", sequences.toArray(Long[]::new)));
            query.setInt(next + 2, limit);
            return list(query);
        }
    }

    /** @return the number of the parameter that comes next */
    private static int ask(Connection connection, PreparedStatement query, EventFilter filter) throws SQLException {
        query.setArray(1, connection.createArrayOf("text", texts(filter.types())));
        query.setString(2, filter.userId() == null ? null : filter.userId().value());
        query.setString(3, filter.actor());
        query.setString(4, filter.correlationId());
        return 5;
    }

    static @Nullable RecordedEvent at(Connection connection, OrganizationId id, long sequence) throws SQLException {
        List<RecordedEvent> found = new ArrayList<>();
        read(connection, id, sequence - 1, sequence, found::add);
        return found.isEmpty() ? null : found.getFirst();
    }

    /** Events that take back some of what an earlier one has charged or sold, of which there can be any number. */
    enum Amendment {
        CORRECTION("transcription-corrected", "transcriptionId"),
        REFUND("overage-refunded", "purchaseId");

        private final String query;

        // Type and field stand in the statement itself, since the partial index of each is found by them.
        Amendment(String type, String field) {
            query = """
                    SELECT * FROM ledger.events
                    WHERE type = '%s' AND organization_id = ? AND payload ->> '%s' = ?
                    """.formatted(type, field);
        }
    }

    /** @param amended the id of the transcription or purchase that they amend */
    static List<RecordedEvent> amendments(Connection connection, OrganizationId id, Amendment kind, String amended)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(kind.query)) {
            query.setString(1, id.value());
            query.setString(2, amended);
            return list(query);
        }
    }

    /** For each of these announcements the id of the event that made it due: the last one before that is none itself. */
    static Map<UUID, UUID> reasonsOfThresholds(Connection connection, List<RecordedEvent> thresholds)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT announced.id, reason.event_id
                FROM unnest(?::text[], ?::bigint[], ?::text[]) AS announced (organization_id, sequence, id)
                CROSS JOIN LATERAL (
                    SELECT event_id FROM ledger.events
                    WHERE organization_id = announced.organization_id AND sequence < announced.sequence
                      AND type <> 'threshold-reached'
                    ORDER BY sequence DESC LIMIT 1
                ) AS reason
                """)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            texts(thresholds.stream()
                                    .map(RecordedEvent::organizationId)
                                    .toList())));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "int8",
                            thresholds.stream().map(RecordedEvent::sequence).toArray(Long[]::new)));
            query.setArray(
                    3,
                    connection.createArrayOf(
                            "text",
                            texts(thresholds.stream()
                                    .map(RecordedEvent::eventId)
                                    .toList())));
            Map<UUID, UUID> reasons = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    reasons.put(UUID.fromString(row.getString("id")), row.getObject("event_id", UUID.class));
                }
            }
            return reasons;
        }
    }

    static List<RecordedEvent> byIds(Connection connection, Collection<UUID> ids) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT * FROM ledger.events WHERE event_id = ANY (?::text[]::uuid[])")) {
            query.setArray(1, connection.createArrayOf("text", texts(ids)));
            return list(query);
        }
    }

    /** One transcription of one organization. */
    record TranscriptionKey(OrganizationId organizationId, TranscriptionId transcriptionId) {}

    /** The last correction of each of these transcriptions that has been corrected. */
    static List<RecordedEvent> lastCorrections(Connection connection, List<TranscriptionKey> transcriptions)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT last.* FROM unnest(?::text[], ?::text[]) AS asked (organization_id, transcription_id)
                CROSS JOIN LATERAL (
                    SELECT * FROM ledger.events
                    WHERE type = 'transcription-corrected' AND organization_id = asked.organization_id
                        AND payload ->> 'transcriptionId' = asked.transcription_id
                    ORDER BY sequence DESC LIMIT 1
                ) AS last
                """)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            texts(transcriptions.stream()
                                    .map(TranscriptionKey::organizationId)
                                    .toList())));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            texts(transcriptions.stream()
                                    .map(TranscriptionKey::transcriptionId)
                                    .toList())));
            return list(query);
        }
    }

    /** All events after {@code position}, in order, as far as they are visible yet. */
    static List<RecordedEvent> after(Connection connection, long position, int limit) throws SQLException {
        return between(connection, position, Long.MAX_VALUE, limit);
    }

    /** The next events after {@code position} and up to {@code last}, in order, as far as they are visible. */
    static List<RecordedEvent> between(Connection connection, long position, long last, int limit) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT * FROM ledger.events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?
                """)) {
            query.setLong(1, position);
            query.setLong(2, last);
            query.setInt(3, limit);
            return list(query);
        }
    }

    /** The highest position that is visible; 0 in an empty ledger. */
    static long head(Connection connection) throws SQLException {
        return number(connection.prepareStatement("SELECT coalesce(max(position), 0) FROM ledger.events"));
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (query;
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<RecordedEvent> list(PreparedStatement query) throws SQLException {
        List<RecordedEvent> events = new ArrayList<>();
        forEach(query, events::add);
        return events;
    }

    private static void forEach(PreparedStatement query, Consumer<RecordedEvent> to) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                to.accept(event(row));
            }
        }
    }

    private static RecordedEvent event(ResultSet row) throws SQLException {
        Instant recordedAt = row.getObject("recorded_at", OffsetDateTime.class).toInstant();
        return new RecordedEvent(
                row.getLong("position"),
                new OrganizationId(row.getString("organization_id")),
                row.getLong("sequence"),
                row.getObject("event_id", UUID.class),
                EventCodec.event(row.getString("type"), row.getInt("revision"), recordedAt, row.getString("payload")),
                EventCodec.metadata(row.getString("metadata")));
    }

    /** The column holds microseconds; more would be lost silently, and a replay would differ from what was decided. */
    private static long inMicroseconds(Instant recordedAt) {
        if (recordedAt.getNano() % 1_000 != 0) {
            throw new IllegalArgumentException("receivedAt must not be finer than microseconds: " + recordedAt);
        }
        return Math.addExact(Math.multiplyExact(recordedAt.getEpochSecond(), 1_000_000), recordedAt.getNano() / 1_000);
    }
}
