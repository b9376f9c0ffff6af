package dev.usageledger.projections.reservations;

import dev.usageledger.projections.Codes;
import dev.usageledger.projections.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code reporting.reservations}.
 *
 * @param position of the event that reserved the minutes
 * @param endedAt {@code null} while it is open
 * @param transcriptionId the one that settled it; {@code null} when none did
 */
public record ReservationRow(
        String organizationId,
        String reservationId,
        long position,
        Status status,
        long minutes,
        @Nullable String userId,
        Instant reservedAt,
        Instant expiresAt,
        @Nullable Instant endedAt,
        @Nullable String transcriptionId) {
    /** Whether a hold is still there, or how it ended. */
    public enum Status {
        OPEN,
        SETTLED,
        RELEASED,
        EXPIRED
    }

    ReservationRow ended(ReservationEnd end) {
        return new ReservationRow(
                organizationId,
                reservationId,
                position,
                end.status(),
                minutes,
                userId,
                reservedAt,
                expiresAt,
                end.at(),
                end.transcriptionId());
    }

    static ReservationRow read(ResultSet row, int number) throws SQLException {
        return new ReservationRow(
                row.getString("organization_id"),
                row.getString("reservation_id"),
                row.getLong("position"),
                Codes.read(Status.class, row.getString("status")),
                row.getLong("minutes"),
                row.getString("user_id"),
                Timestamps.read(row, "reserved_at"),
                Timestamps.read(row, "expires_at"),
                Timestamps.readNullable(row, "ended_at"),
                row.getString("transcription_id"));
    }
}
