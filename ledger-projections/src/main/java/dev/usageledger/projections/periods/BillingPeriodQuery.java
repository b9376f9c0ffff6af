package dev.usageledger.projections.periods;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.Cursor;
import dev.usageledger.projections.Page;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about billing periods and their statements. */
public final class BillingPeriodQuery {
    private static final String NEWEST_FIRST = "periods";

    private final JdbcClient jdbc;

    public BillingPeriodQuery(DataSource database) {
        this.jdbc = JdbcClient.create(database);
    }

    /**
     * An organization's statements, the current period's first.
     *
     * @param cursor {@link Page#next} of the page before; {@code null} for the first
     * @param limit from 1 to {@link Page#LARGEST}
     */
    public Page<BillingPeriodRow> newestFirst(OrganizationId organizationId, @Nullable String cursor, int limit) {
        List<BillingPeriodRow> rows = jdbc.sql("""
                        SELECT * FROM reporting.billing_periods
                        WHERE organization_id = :organizationId AND period_index < :before
                        ORDER BY period_index DESC
                        LIMIT :rows
                        """)
                .param("organizationId", organizationId.value())
                .param("before", Cursor.number(cursor, NEWEST_FIRST, Long.MAX_VALUE))
                .param("rows", Page.rowsFor(limit))
                .query(BillingPeriodRow::read)
                .list();
        return Page.of(rows, limit, row -> Cursor.at(NEWEST_FIRST, row.periodIndex()));
    }
}
