package dev.usageledger.projections.reservations;

import dev.usageledger.projections.Columns;
import dev.usageledger.projections.reservations.Reservations.Key;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** The statements that write {@code reservations}. */
final class ReservationTable {
    static final String NAME = "reservations";

    private final String insert;
    private final String end;

    ReservationTable(String schema) {
        this.insert = """
                INSERT INTO %s.reservations
                    (organization_id, reservation_id, position, status, minutes, user_id, reserved_at, expires_at,
                     ended_at, transcription_id)
                SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::text[],
                                     ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::text[])
                """.formatted(schema);
        this.end = """
                UPDATE %s.reservations AS reservation
                SET status = ended.status, ended_at = ended.at, transcription_id = ended.transcription_id
                FROM unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[])
                    AS ended (organization_id, reservation_id, status, at, transcription_id)
                WHERE reservation.organization_id = ended.organization_id
                    AND reservation.reservation_id = ended.reservation_id
                """.formatted(schema);
    }

    void insert(Connection connection, Collection<ReservationRow> rows) throws SQLException {
        Columns.of(rows)
                .text(ReservationRow::organizationId)
                .text(ReservationRow::reservationId)
                .bigint(ReservationRow::position)
                .code(ReservationRow::status)
                .bigint(ReservationRow::minutes)
                .text(ReservationRow::userId)
                .timestamp(ReservationRow::reservedAt)
                .timestamp(ReservationRow::expiresAt)
                .timestamp(ReservationRow::endedAt)
                .text(ReservationRow::transcriptionId)
                .execute(connection, insert);
    }

    void end(Connection connection, Map<Key, ReservationEnd> ended) throws SQLException {
        Columns.of(ended.entrySet())
                .text(entry -> entry.getKey().organizationId())
                .text(entry -> entry.getKey().reservationId())
                .code(entry -> entry.getValue().status())
                .timestamp(entry -> entry.getValue().at())
                .text(entry -> entry.getValue().transcriptionId())
                .execute(connection, end);
    }
}
