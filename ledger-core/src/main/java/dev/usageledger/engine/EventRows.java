package dev.usageledger.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * The rows of {@code ledger.events} to the letter, for whoever checks them rather than believes them. Reading changes
 * nothing, sees one moment of the ledger, and holds few rows in memory at a time.
 */
public final class EventRows {
    private static final int ROWS_PER_FETCH = 2_000;

    private final DataSource database;

    public EventRows(DataSource database) {
        this.database = database;
    }

    /**
     * A row with its place and its link.
     *
     * @param position its place among all events of the ledger
     * @param hash what is stored as its link, true or not
     */
    public record LinkedRow(long position, EventRow row, EventHash hash) {
        public String organizationId() {
            return row.organizationId();
        }

        public long sequence() {
            return row.sequence();
        }
    }

    /**
     * The last event of an organization.
     *
     * @param hash its link
     */
    public record Head(String organizationId, long sequence, EventHash hash) {}

    /** Hands over every event of the ledger, by organization, and by sequence within each. */
    public void forEach(Consumer<LinkedRow> to) {
        query("SELECT * FROM ledger.events ORDER BY organization_id, sequence", row -> to.accept(linked(row)));
    }

    /** Hands over the events of one organization by sequence. */
    public void forEach(String organizationId, Consumer<LinkedRow> to) {
        query(
                "SELECT * FROM ledger.events WHERE organization_id = ? ORDER BY sequence",
                row -> to.accept(linked(row)),
                organizationId);
    }

    /** Hands over the last event of each organization that has any behind {@code after} and up to {@code upTo}. */
    public void heads(long after, long upTo, Consumer<Head> to) {
        query(
                """
                SELECT organization_id, sequence, hash FROM ledger.events
                JOIN (SELECT organization_id, max(sequence) AS sequence FROM ledger.events
                      WHERE position > ? AND position <= ? GROUP BY organization_id) AS heads
                    USING (organization_id, sequence)
                ORDER BY organization_id
                """,
                row -> to.accept(new Head(
                        row.getString("organization_id"),
                        row.getLong("sequence"),
                        new EventHash(row.getBytes("hash")))),
                after,
                upTo);
    }

    private interface Reading {
        void of(ResultSet row) throws SQLException;
    }

    private void query(String sql, Reading reading, Object... parameters) {
        try (Connection connection = database.getConnection()) {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                query.setFetchSize(ROWS_PER_FETCH);
                for (int i = 0; i < parameters.length; i++) {
                    query.setObject(i + 1, parameters[i]);
                }
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        reading.of(row);
                    }
                }
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw JdbcTransactions.translated(e);
        }
    }

    private static LinkedRow linked(ResultSet row) throws SQLException {
        Instant recordedAt = row.getObject("recorded_at", OffsetDateTime.class).toInstant();
        return new LinkedRow(
                row.getLong("position"),
                new EventRow(
                        row.getString("organization_id"),
                        row.getLong("sequence"),
                        row.getObject("event_id", UUID.class),
                        row.getString("type"),
                        row.getInt("revision"),
                        recordedAt,
                        row.getString("payload"),
                        row.getString("metadata")),
                new EventHash(row.getBytes("hash")));
    }
}
