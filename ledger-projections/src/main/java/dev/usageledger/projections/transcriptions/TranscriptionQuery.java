package dev.usageledger.projections.transcriptions;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.Cursor;
import dev.usageledger.projections.Page;
import java.util.List;
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
     * An organization's transcriptions, those recorded last first.
     *
     * @param cursor {@link Page#next} of the page before; {@code null} for the first
     * @param limit from 1 to {@link Page#LARGEST}
     */
    public Page<TranscriptionRow> newestFirst(OrganizationId organizationId, @Nullable String cursor, int limit) {
        List<TranscriptionRow> rows = jdbc.sql("""
                        SELECT * FROM reporting.transcriptions
                        WHERE organization_id = :organizationId AND position < :before
                        ORDER BY position DESC
                        LIMIT :rows
                        """)
                .param("organizationId", organizationId.value())
                .param("before", Cursor.number(cursor, NEWEST_FIRST, Long.MAX_VALUE))
                .param("rows", Page.rowsFor(limit))
                .query(TranscriptionRow::read)
                .list();
        return Page.of(rows, limit, row -> Cursor.at(NEWEST_FIRST, row.position()));
    }
}
