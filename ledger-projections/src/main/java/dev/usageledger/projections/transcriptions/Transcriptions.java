package dev.usageledger.projections.transcriptions;

import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps {@code transcriptions}. */
public final class Transcriptions implements ReadModel {
    private final TranscriptionTable table;

    public Transcriptions(String schema) {
        this.table = new TranscriptionTable(schema);
    }

    @Override
    public String table() {
        return TranscriptionTable.NAME;
    }

    @Override
    public void apply(List<Step> steps, Connection connection) throws SQLException {
        Map<Key, TranscriptionRow> recorded = new LinkedHashMap<>();
        Map<Key, TranscriptionCorrected> corrected = new LinkedHashMap<>();
        for (Step step : steps) {
            if (step.event() instanceof TranscriptionRecorded e) {
                recorded.put(key(step, e.transcriptionId()), TranscriptionRow.recorded(step, e));
            } else if (step.event() instanceof TranscriptionCorrected e) {
                Key key = key(step, e.transcriptionId());
                // One recorded in this very batch is written once, as corrected.
                if (recorded.computeIfPresent(key, (any, row) -> row.corrected(e)) == null) {
                    corrected.put(key, e);
                }
            }
        }
        table.insert(connection, recorded.values());
        table.correct(connection, corrected);
    }

    private static Key key(Step step, TranscriptionId id) {
        return new Key(step.organizationId().value(), id.value());
    }

    record Key(String organizationId, String transcriptionId) {}
}
