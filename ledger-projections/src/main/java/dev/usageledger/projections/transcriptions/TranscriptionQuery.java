package dev.usageledger.projections.transcriptions;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.Cursor;
import dev.usageledger.projections.Page;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about transcriptions. */
public final class TranscriptionQuery {
    private static final String NEWEST_FIRST = "transcriptions";

    private final JdbcClient jdbc;

    public TranscriptionQuery(DataSource database) {
        this.jdbc = JdbcClient.create(database);
    }

    /**
     * An organization's transcriptions, those recorded last first. Their order is that of the events that recorded them,
     * so it is read from there: an index here would be written with every recording, and cost it a tenth.
     *
     * @param cursor {@link Page#next} of the page before; {@code null} for the first
     * @param limit from 1 to {@link Page#LARGEST}
     */
    public Page<TranscriptionRow> newestFirst(OrganizationId organizationId, @Nullable String cursor, int limit) {
        List<TranscriptionRow> rows = jdbc.sql("""
                        SELECT transcription.* FROM ledger.events AS recorded
                        CROSS JOIN LATERAL (
                            SELECT * FROM reporting.transcriptions
                            WHERE organization_id = :organizationId
                                AND transcription_id = recorded.payload ->> 'transcriptionId'
                            OFFSET 0
                        ) AS transcription
                        WHERE recorded.organization_id = :organizationId AND recorded.type = 'transcription-recorded'
                            AND recorded.sequence < coalesce(
                                (SELECT sequence FROM ledger.events WHERE position = :before), :all)
                        ORDER BY recorded.sequence DESC
                        LIMIT :rows
                        """)
                .param("organizationId", organizationId.value())
                .param("before", Cursor.number(cursor, NEWEST_FIRST, Long.MAX_VALUE))
                .param("all", Long.MAX_VALUE)
                .param("rows", Page.rowsFor(limit))
                .query(TranscriptionRow::read)
                .list();
        return Page.of(rows, limit, row -> Cursor.at(NEWEST_FIRST, row.position()));
    }

    /** The organization that was charged for a person's transcription while the person was, or was later, its member. */
    public Optional<OrganizationId> chargedFor(UserId userId, TranscriptionId transcriptionId) {
        return jdbc.sql("""
                        SELECT organization_id FROM reporting.members
                        JOIN reporting.transcriptions USING (organization_id, user_id)
                        WHERE user_id = :userId AND transcription_id = :transcriptionId
                        ORDER BY transcriptions.position
                        LIMIT 1
                        """)
                .param("userId", userId.value())
                .param("transcriptionId", transcriptionId.value())
                .query((row, number) -> new OrganizationId(row.getString("organization_id")))
                .optional();
    }
}
