package dev.usageledger.projections.members;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.Cursor;
import dev.usageledger.projections.Page;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about who belongs where. */
public final class MemberQuery {
    private static final String NEWEST_FIRST = "members";

    private final JdbcClient jdbc;

    public MemberQuery(DataSource database) {
        this.jdbc = JdbcClient.create(database);
    }

    /**
     * An organization's present members, those added last first.
     *
     * @param cursor {@link Page#next} of the page before; {@code null} for the first
     * @param limit from 1 to {@link Page#LARGEST}
     */
    public Page<MemberRow> newestFirst(OrganizationId organizationId, @Nullable String cursor, int limit) {
        List<MemberRow> rows = jdbc.sql("""
                        SELECT * FROM reporting.members
                        WHERE organization_id = :organizationId AND removed_at IS NULL AND position < :before
                        ORDER BY position DESC
                        LIMIT :rows
                        """)
                .param("organizationId", organizationId.value())
                .param("before", Cursor.number(cursor, NEWEST_FIRST, Long.MAX_VALUE))
                .param("rows", Page.rowsFor(limit))
                .query(MemberRow::read)
                .list();
        return Page.of(rows, limit, row -> Cursor.at(NEWEST_FIRST, row.position()));
    }

    /** The organizations that a person is a member of at present, by identifier, at most {@code limit}. */
    public List<OrganizationId> organizationsOf(UserId userId, int limit) {
        return jdbc.sql("""
                        SELECT organization_id FROM reporting.members
                        WHERE user_id = :userId AND removed_at IS NULL
                        ORDER BY organization_id
                        LIMIT :limit
                        """)
                .param("userId", userId.value())
                .param("limit", limit)
                .query((row, number) -> new OrganizationId(row.getString("organization_id")))
                .list();
    }

    /** Where a person is or has been a member, by identifier, at most {@code limit}. */
    public List<MemberRow> everOf(UserId userId, int limit) {
        return jdbc.sql("""
                        SELECT * FROM reporting.members
                        WHERE user_id = :userId
                        ORDER BY organization_id
                        LIMIT :limit
                        """)
                .param("userId", userId.value())
                .param("limit", limit)
                .query(MemberRow::read)
                .list();
    }
}
