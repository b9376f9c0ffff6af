package dev.usageledger.projections.transcriptions;

import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.projections.Columns;
import dev.usageledger.projections.transcriptions.Transcriptions.Key;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** The statements that write {@code transcriptions}. */
final class TranscriptionTable {
    static final String NAME = "transcriptions";

    private final String insert;
    private final String correct;

    TranscriptionTable(String schema) {
        this.insert = """
                INSERT INTO %s.transcriptions
                    (organization_id, transcription_id, position, occurred_at, recorded_at, user_id,
                     minutes, recorded_minutes, duration_seconds, base_minutes, overage_minutes, uncovered_minutes,
                     period_index, counted, reservation_id, settlement, corrected_at, correction_reason)
                SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::text[],
                                     ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                                     ?::bigint[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[])
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
        Columns.of(rows)
                .text(TranscriptionRow::organizationId)
                .text(TranscriptionRow::transcriptionId)
                .bigint(TranscriptionRow::position)
                .timestamp(TranscriptionRow::occurredAt)
                .timestamp(TranscriptionRow::recordedAt)
                .text(TranscriptionRow::userId)
                .bigint(TranscriptionRow::minutes)
                .bigint(TranscriptionRow::recordedMinutes)
                .bigint(TranscriptionRow::durationSeconds)
                .bigint(TranscriptionRow::baseMinutes)
                .bigint(TranscriptionRow::overageMinutes)
                .bigint(TranscriptionRow::uncoveredMinutes)
                .bigint(TranscriptionRow::periodIndex)
                .code(TranscriptionRow::counted)
                .text(TranscriptionRow::reservationId)
                .code(TranscriptionRow::settlement)
                .timestamp(TranscriptionRow::correctedAt)
                .text(TranscriptionRow::correctionReason)
                .execute(connection, insert);
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
