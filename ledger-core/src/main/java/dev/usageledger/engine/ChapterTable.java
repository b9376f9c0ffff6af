package dev.usageledger.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.usageledger.organization.Hindsight;
import dev.usageledger.organization.OrganizationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** {@code ledger.chapters}: where time travel starts from. Never a source of truth. */
final class ChapterTable {
    private static final ObjectWriter LATE_WRITER = Json.MAPPER.writerFor(Hindsight[].class);
    private static final ObjectReader LATE_READER = Json.MAPPER.readerFor(Hindsight[].class);
    private static final TypeReference<SortedMap<Long, Long>> MINUTES = new TypeReference<>() {};
    private static final ObjectWriter MINUTES_WRITER = Json.MAPPER.writerFor(MINUTES);
    private static final ObjectReader MINUTES_READER = Json.MAPPER.readerFor(MINUTES);

    private static final Comparator<Chapter> ORDER = Comparator.comparing(
                    (Chapter chapter) -> chapter.end().open().id().value())
            .thenComparing(Chapter::number);

    private ChapterTable() {}

    /** The first chapter from {@code first} on that is not there. */
    static long firstMissing(Connection connection, OrganizationId organizationId, long first) throws SQLException {
        // Up to the first that is missing, each stands at the place of its number: one pass, whatever the planner
        // thinks.
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT count(*) FROM (
                    SELECT chapter, row_number() OVER (ORDER BY chapter) AS place
                    FROM ledger.chapters WHERE organization_id = ? AND chapter >= ? AND format = ?
                ) AS present
                WHERE chapter = place + ?
                """)) {
            query.setString(1, organizationId.value());
            query.setLong(2, first);
            query.setInt(3, OrganizationCodec.FORMAT);
            query.setLong(4, first - 1);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return first + row.getLong(1);
            }
        }
    }

    /** The first chapter after {@code chapter} that is there; empty when none is. */
    static OptionalLong nextPresent(Connection connection, OrganizationId organizationId, long chapter)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT chapter FROM ledger.chapters
                WHERE organization_id = ? AND chapter > ? AND format = ? ORDER BY chapter LIMIT 1
                """)) {
            query.setString(1, organizationId.value());
            query.setLong(2, chapter);
            query.setInt(3, OrganizationCodec.FORMAT);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong("chapter")) : OptionalLong.empty();
            }
        }
    }

    /** Who has fewer chapters than had come to their end by the snapshot. */
    static List<OrganizationId> behindSnapshots(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT organization_id FROM ledger.snapshots AS snapshot
                WHERE (sequence + 1) / ? > (
                    SELECT count(*) FROM ledger.chapters
                    WHERE organization_id = snapshot.organization_id AND format = ?
                )
                """)) {
            query.setLong(1, Chapter.EVENTS);
            query.setInt(2, OrganizationCodec.FORMAT);
            try (ResultSet row = query.executeQuery()) {
                List<OrganizationId> found = new ArrayList<>();
                while (row.next()) {
                    found.add(new OrganizationId(row.getString("organization_id")));
                }
                return found;
            }
        }
    }

    /**
     * The organization at the end of the last chapter before {@code chapter} that is there; as of no event when none is.
     *
     * @throws UnreadableEventException when it cannot be read
     */
    static KnownOrganization lastEnd(Connection connection, OrganizationId organizationId, long chapter)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT chapter, position, state FROM ledger.chapters
                WHERE organization_id = ? AND chapter < ? AND format = ? ORDER BY chapter DESC LIMIT 1
                """)) {
            query.setString(1, organizationId.value());
            query.setLong(2, chapter);
            query.setInt(3, OrganizationCodec.FORMAT);
            try (ResultSet row = query.executeQuery()) {
                return !row.next()
                        ? KnownOrganization.NOTHING
                        : new KnownOrganization(
                                OrganizationCodec.organization(row.getString("state")),
                                Chapter.lastSequence(row.getLong("chapter")),
                                row.getLong("position"));
            }
        }
    }

    /**
     * What a chapter has to say of usage up to a moment: either of some of it, or the sums of all of it.
     *
     * @param hasDelayed whether there may be more than {@code late}, which was recorded soon after it took effect
     * @param minutes the sums, by the index of the period that counts them; empty where {@code late} or the events tell
     */
    record Late(long chapter, boolean hasDelayed, List<Hindsight> late, Map<Long, Long> minutes) {}

    /**
     * Those of the chapters with events after {@code sequence}, and before the chapter {@code end}, that have something
     * to say of usage up to a moment.
     */
    static List<Late> lateBy(Connection connection, OrganizationId organizationId, long sequence, long end, Instant at)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT chapter, NOT summed AND coalesce(delayed_since <= moment, false) AS has_delayed,
                    CASE WHEN NOT summed THEN late END AS late, CASE WHEN summed THEN minutes END AS minutes
                FROM CAST(? AS timestamptz) AS moment, ledger.chapters,
                    LATERAL (SELECT coalesce(all_since <= moment AND chapter > ?, false) AS summed) AS reading
                WHERE organization_id = ? AND chapter >= ? AND chapter < ?
                  AND (delayed_since <= moment OR late_since <= moment)
                ORDER BY chapter
                """)) {
            query.setObject(1, roundedDown(at));
            query.setLong(2, Chapter.of(sequence));
            query.setString(3, organizationId.value());
            query.setLong(4, Chapter.of(sequence + 1));
            query.setLong(5, end);
            List<Late> found = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    String late = row.getString("late");
                    String minutes = row.getString("minutes");
                    found.add(new Late(
                            row.getLong("chapter"),
                            row.getBoolean("has_delayed"),
                            late == null ? List.of() : List.of(ChapterTable.<Hindsight[]>read(LATE_READER, late)),
                            minutes == null ? Map.of() : read(MINUTES_READER, minutes)));
                }
            }
            return found;
        }
    }

    /**
     * Replaces chapters that were written in another format. Does not wait for the disk: a crash may take them. Always in
     * the same order, so that two who write the same can only wait for each other, never in a circle.
     */
    static void write(Connection connection, List<Chapter> chapters) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL synchronous_commit = off");
        }
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO ledger.chapters AS present
                    (organization_id, chapter, position, format, state, delayed_since, late_since, all_since, late,
                     minutes)
                VALUES (?, ?, ?, ?, ?::json, ?, ?, ?, ?::json, ?::json)
                ON CONFLICT (organization_id, chapter) DO UPDATE
                SET position = excluded.position, format = excluded.format, state = excluded.state,
                    delayed_since = excluded.delayed_since, late_since = excluded.late_since,
                    all_since = excluded.all_since, late = excluded.late, minutes = excluded.minutes
                WHERE present.format <> excluded.format
                """)) {
            for (Chapter chapter : chapters.stream().sorted(ORDER).toList()) {
                insert.setString(1, chapter.end().open().id().value());
                insert.setLong(2, chapter.number());
                insert.setLong(3, chapter.end().position());
                insert.setInt(4, OrganizationCodec.FORMAT);
                insert.setString(5, OrganizationCodec.json(chapter.end().open()));
                insert.setObject(6, roundedDown(chapter.delayedSince()));
                insert.setObject(7, roundedDown(chapter.lateSince()));
                insert.setObject(8, roundedUp(chapter.allSince()));
                insert.setString(9, json(LATE_WRITER, chapter.late().toArray(Hindsight[]::new)));
                insert.setString(10, json(MINUTES_WRITER, chapter.minutes()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** In the order in which they are written, too. */
    static void forget(Connection connection, Collection<OrganizationId> organizationIds) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("""
                DELETE FROM ledger.chapters WHERE (organization_id, chapter) IN (
                    SELECT organization_id, chapter FROM ledger.chapters
                    WHERE organization_id = ANY (?) ORDER BY organization_id, chapter FOR UPDATE
                )
                """)) {
            delete.setArray(1, connection.createArrayOf("text", EventTable.texts(organizationIds)));
            delete.executeUpdate();
        }
    }

    /** PostgreSQL would round up what callers gave to the nanosecond, and a moment in between would miss it. */
    private static @Nullable OffsetDateTime roundedDown(@Nullable Instant moment) {
        return moment == null ? null : moment.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    /** And would round down what is not to count before it does. */
    private static @Nullable OffsetDateTime roundedUp(@Nullable Instant moment) {
        return moment == null ? null : roundedDown(moment.plusNanos(999));
    }

    private static String json(ObjectWriter writer, Object told) {
        try {
            return writer.writeValueAsString(told);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write what became known late", e);
        }
    }

    private static <T> T read(ObjectReader reader, String json) {
        try {
            return reader.readValue(json);
        } catch (JsonProcessingException e) {
            throw new UnreadableEventException("what became known late cannot be read", e);
        }
    }
}
