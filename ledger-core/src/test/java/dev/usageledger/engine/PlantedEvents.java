package dev.usageledger.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.List;

/** Events put into the store at positions of the test's choice, past the ledger and not linked by hashes. */
public final class PlantedEvents {
    private PlantedEvents() {}

    public static void add(Connection connection, List<RecordedEvent> events) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO ledger.events
                    (position, organization_id, sequence, event_id, type, revision, recorded_at, payload, metadata, hash)
                OVERRIDING SYSTEM VALUE
                VALUES (?, ?, ?, ?, ?, ?, ?, ?::json, ?::json, sha256(''))
                ON CONFLICT (position) DO NOTHING
                """)) {
            for (RecordedEvent recorded : events) {
                EventRow row = NewEvent.of(
                                recorded.organizationId(), recorded.sequence(), recorded.event(), recorded.metadata())
                        .row();
                insert.setLong(1, recorded.position());
                insert.setString(2, row.organizationId());
                insert.setLong(3, row.sequence());
                insert.setObject(4, recorded.eventId());
                insert.setString(5, row.type());
                insert.setInt(6, row.revision());
                insert.setObject(7, row.recordedAt().atOffset(ZoneOffset.UTC));
                insert.setString(8, row.payload());
                insert.setString(9, row.metadata());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Instead of all that are there. */
    public static void replace(Connection connection, List<RecordedEvent> events) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE ledger.events DISABLE TRIGGER events_are_append_only");
            statement.execute("TRUNCATE ledger.events");
            statement.execute("ALTER TABLE ledger.events ENABLE TRIGGER events_are_append_only");
        }
        add(connection, events);
    }
}
