package dev.usageledger.projections.transcriptions;

import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.projections.BinaryCopy;
import dev.usageledger.projections.Columns;
import dev.usageledger.projections.transcriptions.Transcriptions.Key;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** The statements that write {@code transcriptions}. */
final class TranscriptionTable {
    static final String NAME = "transcriptions";

    private static final int COLUMNS = 18;

    private final String insert;
    private final String correct;

    TranscriptionTable(String schema) {
        this.insert = """
                COPY %s.transcriptions
                    (organization_id, transcription_id, position, occurred_at, recorded_at, user_id,
                     minutes, recorded_minutes, duration_seconds, base_minutes, overage_minutes, uncovered_minutes,
                     period_index, counted, reservation_id, settlement, corrected_at, correction_reason)
                FROM STDIN (FORMAT binary)
                """.formatted(schema);
        this.correct = """
                UPDATE %s.transcriptions AS transcription
                SET minutes = corrected.minutes, corrected_at = corrected.at, correction_reason = corrected.reason
                FROM unnest(?::text[], ?::text[], ?::bigint[], ?::timestamptz[], ?::text[])
                    AS corrected (organization_id, transcription_id, minutes, at, reason)
                WHERE transcription.organization_id = corrected.organization_id
                    AND transcription.transcription_id = corrected.transcription_id
                """.formatted(schema);
    }

    void insert(Connection connection, Collection<TranscriptionRow> rows) throws SQLException {
        BinaryCopy copy = new BinaryCopy(COLUMNS);
        for (TranscriptionRow row : rows) {
            copy.row()
                    .text(row.organizationId())
                    .text(row.transcriptionId())
                    .bigint(row.position())
                    .timestamp(row.occurredAt())
                    .timestamp(row.recordedAt())
                    .text(row.userId())
                    .bigint(row.minutes())
                    .bigint(row.recordedMinutes())
                    .bigint(row.durationSeconds())
                    .bigint(row.baseMinutes())
                    .bigint(row.overageMinutes())
                    .bigint(row.uncoveredMinutes())
                    .bigint(row.periodIndex())
                    .code(row.counted())
                    .text(row.reservationId())
                    .code(row.settlement())
                    .timestamp(row.correctedAt())
                    .text(row.correctionReason());
        }
        copy.execute(connection, insert);
    }

    void correct(Connection connection, Map<Key, TranscriptionCorrected> corrected) throws SQLException {
        Columns.of(corrected.entrySet())
                .text(entry -> entry.getKey().organizationId())
                .text(entry -> entry.getKey().transcriptionId())
                .bigint(entry -> entry.getValue().minutes().value())
                .timestamp(entry -> entry.getValue().recordedAt())
                .text(entry -> entry.getValue().reason())
                .execute(connection, correct);
    }
}
