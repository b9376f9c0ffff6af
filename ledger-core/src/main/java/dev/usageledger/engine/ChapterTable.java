package dev.usageledger.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ledger.chapters}: where time travel starts from. Never a source of truth. */
final class ChapterTable {
    private static final ObjectWriter WRITER = Json.MAPPER.writerFor(Hindsight[].class);
    private static final ObjectReader READER = Json.MAPPER.readerFor(Hindsight[].class);

    private ChapterTable() {}

    /** The first chapter that is not there. */
    static long firstMissing(Connection connection, OrganizationId organizationId) throws SQLException {
        // Up to the first that is missing, each stands at the place of its number: one pass, whatever the planner
        // thinks.
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT count(*) FROM (
                    SELECT chapter, row_number() OVER (ORDER BY chapter) - 1 AS place
                    FROM ledger.chapters WHERE organization_id = ? AND format = ?
                ) AS present
                WHERE chapter = place
                """)) {
            query.setString(1, organizationId.value());
            query.setInt(2, OrganizationCodec.FORMAT);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Whose chapters do not reach up to their snapshot. */
    static List<OrganizationId> behindSnapshots(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT organization_id FROM ledger.snapshots AS snapshot
                WHERE (sequence + 1) / ? > coalesce((
                    SELECT max(chapter) + 1 FROM ledger.chapters
                    WHERE organization_id = snapshot.organization_id AND format = ?
                ), 0)
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
     * The organization after the last event of a chapter that is there.
     *
     * @throws UnreadableEventException when it cannot be read
     */
    static KnownOrganization end(Connection connection, OrganizationId organizationId, long chapter)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT position, state FROM ledger.chapters WHERE organization_id = ? AND chapter = ? AND format = ?
                """)) {
            query.setString(1, organizationId.value());
            query.setLong(2, chapter);
            query.setInt(3, OrganizationCodec.FORMAT);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new UnreadableEventException(organizationId + " has no chapter " + chapter);
                }
                return new KnownOrganization(
                        OrganizationCodec.organization(row.getString("state")),
                        Chapter.lastSequence(chapter),
                        row.getLong("position"));
            }
        }
    }

    /**
     * What a chapter has to say of usage up to a moment.
     *
     * @param hasDelayed whether there may be more that was recorded soon after it took effect
     */
    record Late(long chapter, boolean hasDelayed, List<Hindsight> late) {}

    /** Those of the chapters from {@code first} on, and before {@code end}, that have something to say of usage by then. */
    static List<Late> lateBy(Connection connection, OrganizationId organizationId, long first, long end, Instant at)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT chapter, coalesce(delayed_since <= moment, false) AS has_delayed, late
                FROM ledger.chapters, CAST(? AS timestamptz) AS moment
                WHERE organization_id = ? AND chapter >= ? AND chapter < ?
                  AND (delayed_since <= moment OR late_since <= moment)
                ORDER BY chapter
                """)) {
            query.setObject(1, at.atOffset(ZoneOffset.UTC));
            query.setString(2, organizationId.value());
            query.setLong(3, first);
            query.setLong(4, end);
            List<Late> found = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new Late(
                            row.getLong("chapter"), row.getBoolean("has_delayed"), late(row.getString("late"))));
                }
            }
            return found;
        }
    }

    /** Replaces chapters that were written in another format. Does not wait for the disk: a crash may take them. */
    static void write(Connection connection, List<Chapter> chapters) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL synchronous_commit = off");
        }
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO ledger.chapters AS present
                    (organization_id, chapter, position, format, state, delayed_since, late_since, late)
                VALUES (?, ?, ?, ?, ?::json, ?, ?, ?::json)
                ON CONFLICT (organization_id, chapter) DO UPDATE
                SET position = excluded.position, format = excluded.format, state = excluded.state,
                    delayed_since = excluded.delayed_since, late_since = excluded.late_since, late = excluded.late
                WHERE present.format <> excluded.format
                """)) {
            for (Chapter chapter : chapters) {
                Instant lateSince = chapter.late().stream()
                        .map(Hindsight::effectiveAt)
                        .min(Instant::compareTo)
                        .orElse(null);
                insert.setString(1, chapter.end().open().id().value());
                insert.setLong(2, chapter.number());
                insert.setLong(3, chapter.end().position());
                insert.setInt(4, OrganizationCodec.FORMAT);
                insert.setString(5, OrganizationCodec.json(chapter.end().open()));
                insert.setObject(6, roundedDown(chapter.delayedSince()));
                insert.setObject(7, roundedDown(lateSince));
                insert.setString(8, json(chapter.late()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static void forget(Connection connection, OrganizationId organizationId) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM ledger.chapters WHERE organization_id = ?")) {
            delete.setString(1, organizationId.value());
            delete.executeUpdate();
        }
    }

    /** PostgreSQL would round up what callers gave to the nanosecond, and a moment in between would miss it. */
    private static @Nullable OffsetDateTime roundedDown(@Nullable Instant moment) {
        return moment == null ? null : moment.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static String json(List<Hindsight> late) {
        try {
            return WRITER.writeValueAsString(late.toArray(Hindsight[]::new));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write what became known late", e);
        }
    }

    private static List<Hindsight> late(String json) {
        try {
            return List.of(READER.<Hindsight[]>readValue(json));
        } catch (JsonProcessingException e) {
            throw new UnreadableEventException("what became known late cannot be read", e);
        }
    }
}
