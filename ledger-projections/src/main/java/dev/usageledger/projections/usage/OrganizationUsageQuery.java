package dev.usageledger.projections.usage;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.Codes;
import dev.usageledger.projections.Cursor;
import dev.usageledger.projections.Page;
import dev.usageledger.projections.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Questions about organizations and how they stand. */
public final class OrganizationUsageQuery {
    private static final String FILTER = """
            (:name::text IS NULL OR strpos(lower(name), lower(:name)) > 0)
            AND (:status::text IS NULL OR status = :status)
            AND (:userId::text IS NULL OR EXISTS (
                SELECT FROM reporting.members AS member
                WHERE member.organization_id = organization.organization_id
                    AND member.user_id = :userId AND member.removed_at IS NULL))
            """;

    private final JdbcClient jdbc;

    public OrganizationUsageQuery(DataSource database) {
        this.jdbc = JdbcClient.create(database);
    }

    public Optional<OrganizationUsageRow> find(OrganizationId organizationId) {
        return jdbc.sql("SELECT * FROM reporting.organization_usage WHERE organization_id = :organizationId")
                .param("organizationId", organizationId.value())
                .query(OrganizationUsageRow::read)
                .optional();
    }

    /**
     * The organizations that {@code filter} lets through, in {@code order}.
     *
     * @param cursor {@link Page#next} of the page before, in the same order; {@code null} for the first
     * @param limit from 1 to {@link Page#LARGEST}
     */
    public Page<OrganizationUsageRow> list(
            OrganizationFilter filter, OrganizationOrder order, @Nullable String cursor, int limit) {
        String list = "organizations-" + Codes.write(order);
        return switch (order) {
            case NEWEST -> newest(filter, list, cursor, limit);
            case LEAST_REMAINING -> leastRemaining(filter, list, cursor, limit);
            case MOST_USED -> mostUsed(filter, list, cursor, limit);
        };
    }

    /**
     * The organizations in which something has fallen due by {@code by} and is not in the read models yet, longest due
     * first.
     *
     * @param after the last one of the page before; {@code null} for the first page
     */
    public List<DueOrganization> due(Instant by, @Nullable DueOrganization after, int limit) {
        return jdbc.sql("""
                        SELECT next_due_at, organization_id FROM reporting.organization_usage
                        WHERE next_due_at <= :by::timestamptz
                            AND (next_due_at, organization_id) > (:afterDueAt::timestamptz, :afterId)
                        ORDER BY next_due_at, organization_id
                        LIMIT :limit
                        """)
                .param("by", Timestamps.write(by))
                .param("afterDueAt", after == null ? "-infinity" : Timestamps.write(after.dueAt()))
                .param("afterId", after == null ? "" : after.organizationId().value())
                .param("limit", limit)
                .query((row, number) -> new DueOrganization(
                        Timestamps.read(row, "next_due_at"), new OrganizationId(row.getString("organization_id"))))
                .list();
    }

    private Page<OrganizationUsageRow> newest(
            OrganizationFilter filter, String list, @Nullable String cursor, int limit) {
        StatementSpec query =
                jdbc.sql("""
                        SELECT * FROM reporting.organization_usage AS organization
                        WHERE opened_position < :before
                            AND %s
                        ORDER BY opened_position DESC
                        LIMIT :rows
                        """.formatted(FILTER)).param("before", Cursor.number(cursor, list, Long.MAX_VALUE));
        return Page.of(rows(query, filter, limit), limit, row -> Cursor.at(list, row.openedPosition()));
    }

    private Page<OrganizationUsageRow> leastRemaining(
            OrganizationFilter filter, String list, @Nullable String token, int limit) {
        Cursor cursor = Cursor.of(token, list, 2);
        StatementSpec query = jdbc.sql("""
                        SELECT * FROM reporting.organization_usage AS organization
                        WHERE (coalesce(remaining_minutes, 9223372036854775807), organization_id)
                                > (:afterRemaining, :afterId)
                            AND %s
                        ORDER BY coalesce(remaining_minutes, 9223372036854775807), organization_id
                        LIMIT :rows
                        """.formatted(FILTER))
                .param("afterRemaining", cursor == null ? -1L : cursor.number(0))
                .param("afterId", cursor == null ? "" : cursor.organizationId(1).value());
        return Page.of(
                rows(query, filter, limit),
                limit,
                row -> Cursor.at(
                        list,
                        row.remainingMinutes() == null ? Long.MAX_VALUE : row.remainingMinutes(),
                        row.organizationId()));
    }

    private Page<OrganizationUsageRow> mostUsed(
            OrganizationFilter filter, String list, @Nullable String token, int limit) {
        Cursor cursor = Cursor.of(token, list, 2);
        StatementSpec query = jdbc.sql("""
                        SELECT * FROM reporting.organization_usage AS organization
                        WHERE (coalesce(used_share, -1), organization_id) < (:afterShare, :afterId)
                            AND %s
                        ORDER BY coalesce(used_share, -1) DESC, organization_id DESC
                        LIMIT :rows
                        """.formatted(FILTER))
                .param("afterShare", cursor == null ? Double.POSITIVE_INFINITY : cursor.fraction(0))
                .param("afterId", cursor == null ? "" : cursor.organizationId(1).value());
        return Page.of(
                rows(query, filter, limit),
                limit,
                row -> Cursor.at(list, row.usedShare() == null ? -1.0 : row.usedShare(), row.organizationId()));
    }

    private static List<OrganizationUsageRow> rows(StatementSpec query, OrganizationFilter filter, int limit) {
        return query.param("name", filter.name())
                .param("status", Codes.write(filter.status()))
                .param(
                        "userId",
                        filter.memberUserId() == null
                                ? null
                                : filter.memberUserId().value())
                .param("rows", Page.rowsFor(limit))
                .query(OrganizationUsageRow::read)
                .list();
    }
}
