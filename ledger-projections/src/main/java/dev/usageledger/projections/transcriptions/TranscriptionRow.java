package dev.usageledger.projections.transcriptions;

import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Settlement;
import dev.usageledger.projections.Codes;
import dev.usageledger.projections.Step;
import dev.usageledger.projections.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code reporting.transcriptions}.
 *
 * @param position of the event that recorded it
 * @param minutes what it costs now, after all corrections
 * @param recordedMinutes what it cost when it was recorded: base + overage + uncovered
 * @param periodIndex the billing period that counts it
 * @param counted which period that is, and why
 * @param correctedAt when its cost was last corrected; {@code null} when never
 * @param voided whether a correction has taken its whole cost back
 */
public record TranscriptionRow(
        String organizationId,
        String transcriptionId,
        long position,
        Instant occurredAt,
        Instant recordedAt,
        @Nullable String userId,
        long minutes,
        long recordedMinutes,
        @Nullable Long durationSeconds,
        long baseMinutes,
        long overageMinutes,
        long uncoveredMinutes,
        long periodIndex,
        Counted counted,
        @Nullable String reservationId,
        Settlement.@Nullable Outcome settlement,
        @Nullable Instant correctedAt,
        @Nullable String correctionReason,
        boolean voided) {

    static TranscriptionRow recorded(Step step, TranscriptionRecorded e) {
        Settlement settlement = e.settlement();
        return new TranscriptionRow(
                step.organizationId().value(),
                e.transcriptionId().value(),
                step.position(),
                e.occurredAt(),
                e.recordedAt(),
                e.userId() == null ? null : e.userId().value(),
                e.minutes().value(),
                e.minutes().value(),
                e.durationSeconds(),
                e.charge().fromBase().value(),
                e.charge().overage().value(),
                e.charge().uncovered().value(),
                e.period(),
                e.counted(),
                settlement == null ? null : settlement.reservationId().value(),
                settlement == null ? null : settlement.outcome(),
                null,
                null,
                false);
    }

    TranscriptionRow corrected(TranscriptionCorrected correction) {
        return new TranscriptionRow(
                organizationId,
                transcriptionId,
                position,
                occurredAt,
                recordedAt,
                userId,
                correction.minutes().value(),
                recordedMinutes,
                durationSeconds,
                baseMinutes,
                overageMinutes,
                uncoveredMinutes,
                periodIndex,
                counted,
                reservationId,
                settlement,
                correction.recordedAt(),
                correction.reason(),
                correction.minutes().isZero());
    }

    static TranscriptionRow read(ResultSet row, int number) throws SQLException {
        return new TranscriptionRow(
                row.getString("organization_id"),
                row.getString("transcription_id"),
                row.getLong("position"),
                Timestamps.read(row, "occurred_at"),
                Timestamps.read(row, "recorded_at"),
                row.getString("user_id"),
                row.getLong("minutes"),
                row.getLong("recorded_minutes"),
                row.getObject("duration_seconds", Long.class),
                row.getLong("base_minutes"),
                row.getLong("overage_minutes"),
                row.getLong("uncovered_minutes"),
                row.getLong("period_index"),
                Codes.read(Counted.class, row.getString("counted")),
                row.getString("reservation_id"),
                Codes.readNullable(Settlement.Outcome.class, row.getString("settlement")),
                Timestamps.readNullable(row, "corrected_at"),
                row.getString("correction_reason"),
                row.getBoolean("voided"));
    }
}
