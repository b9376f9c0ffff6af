package dev.usageledger.projections.members;

import dev.usageledger.projections.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code reporting.members}.
 *
 * @param position of the event that last added the person
 * @param removedAt {@code null} for a member
 */
public record MemberRow(
        String organizationId,
        String userId,
        long position,
        Instant since,
        @Nullable Instant removedAt) {
    static MemberRow read(ResultSet row, int number) throws SQLException {
        return new MemberRow(
                row.getString("organization_id"),
                row.getString("user_id"),
                row.getLong("position"),
                Timestamps.read(row, "since"),
                Timestamps.readNullable(row, "removed_at"));
    }
}
