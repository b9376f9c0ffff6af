package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Many events out of their table, in the binary format of PostgreSQL's {@code COPY}: nothing is spelled out and nothing
 * is parsed but what happened.
 */
final class EventCopy {
    private static final int HEADER = 19;
    private static final short END = -1;
    private static final String CANCELED = "57014";
    private static final long EPOCH_SECOND =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
    private static final long MICROS_PER_SECOND = 1_000_000;

    private EventCopy() {}

    /** Hands over the events of these organizations up to {@code position}, in order of position. */
    static void read(Connection connection, OrganizationRange organizations, long position, EventHistory.Taker taker)
            throws SQLException {
        read(
                connection,
                "WHERE position <= %d AND %s ORDER BY position"
                        .formatted(position, organizations.condition("organization_id")),
                taker);
    }

    /** Hands over the events of one organization after {@code sequence} and up to {@code last}, in order. */
    static void read(
            Connection connection, OrganizationId organizationId, long sequence, long last, EventHistory.Taker taker)
            throws SQLException {
        read(
                connection,
                "WHERE %s AND sequence <= %d ORDER BY sequence".formatted(after(organizationId, sequence), last),
                taker);
    }

    /** Hands over the next events of one organization after {@code sequence}, in order; at most {@code most}. */
    static void readNext(
            Connection connection, OrganizationId organizationId, long sequence, int most, EventHistory.Taker taker)
            throws SQLException {
        read(connection, "WHERE %s ORDER BY sequence LIMIT %d".formatted(after(organizationId, sequence), most), taker);
    }

    /** With literals and no parameters, since COPY takes none; no character of an identifier has a meaning there. */
    private static String after(OrganizationId organizationId, long sequence) {
        return "organization_id = '%s' AND sequence > %d".formatted(organizationId, sequence);
    }

    private static void read(Connection connection, String which, EventHistory.Taker taker) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        CopyOut copy = postgres.getCopyAPI().copyOut("""
                COPY (
                    SELECT position, organization_id, sequence, recorded_at, type, revision, payload
                    FROM ledger.events %s
                ) TO STDOUT (FORMAT binary)
                """.formatted(which));
        try {
            boolean first = true;
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                ByteBuffer fields = ByteBuffer.wrap(row);
                if (first) {
                    fields.position(HEADER);
                    first = false;
                }
                if (fields.hasRemaining() && fields.getShort() != END) {
                    taker.take(event(fields));
                }
            }
        } finally {
            if (copy.isActive()) {
                giveUp(postgres, copy);
            }
        }
    }

    /**
     * Reads what is still under way. The driver's {@code cancelCopy} would leave it there, to be taken for the answer to
     * whatever is asked next on this connection.
     */
    private static void giveUp(PGConnection postgres, CopyOut copy) throws SQLException {
        postgres.cancelQuery();
        try {
            byte[] row = copy.readFromCopy();
            while (row != null) {
                row = copy.readFromCopy();
            }
        } catch (SQLException e) {
            if (!CANCELED.equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    private static StoredEvent event(ByteBuffer row) {
        long position = bigint(row);
        OrganizationId organizationId = new OrganizationId(text(row));
        long sequence = bigint(row);
        Instant recordedAt = timestamp(row);
        String type = text(row);
        int revision = smallint(row);
        row.limit(row.getInt() + row.position());
        return new StoredEvent(position, organizationId, sequence, EventCodec.event(type, revision, recordedAt, row));
    }

    private static long bigint(ByteBuffer row) {
        row.getInt();
        return row.getLong();
    }

    private static int smallint(ByteBuffer row) {
        row.getInt();
        return row.getShort();
    }

    private static Instant timestamp(ByteBuffer row) {
        long micros = bigint(row);
        return Instant.ofEpochSecond(
                EPOCH_SECOND + Math.floorDiv(micros, MICROS_PER_SECOND),
                1_000 * Math.floorMod(micros, MICROS_PER_SECOND));
    }

    private static String text(ByteBuffer row) {
        int length = row.getInt();
        String text = new String(row.array(), row.arrayOffset() + row.position(), length, StandardCharsets.UTF_8);
        row.position(row.position() + length);
        return text;
    }
}
