package dev.usageledger.api.rejections;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Questions about what was refused lately, newest first; and forgetting it. */
@Component
public final class RejectionQuery {
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient database;

    public RejectionQuery(JdbcClient database) {
        this.database = database;
    }

    public List<RejectionRow> ofOrganization(OrganizationId organizationId, int limit) {
        return database.sql("""
                        SELECT * FROM support.rejections WHERE organization_id = :organization ORDER BY id DESC LIMIT :limit
                        """)
                .param("organization", organizationId.value())
                .param("limit", limit)
                .query(RejectionQuery::row)
                .list();
    }

    /** What was refused to a person because it was unclear which organization pays. */
    public List<RejectionRow> withoutOrganization(Collection<UserId> userIds, int limit) {
        return database.sql("""
                        SELECT * FROM support.rejections
                        WHERE user_id = ANY (:users) AND organization_id IS NULL
                        ORDER BY id DESC LIMIT :limit
                        """)
                .param("users", texts(userIds))
                .param("limit", limit)
                .query(RejectionQuery::row)
                .list();
    }

    /** Forgets all that was refused to these people. */
    public void erase(Collection<UserId> userIds) {
        database.sql("DELETE FROM support.rejections WHERE user_id = ANY (:users)")
                .param("users", texts(userIds))
                .update();
    }

    private static String[] texts(Collection<UserId> userIds) {
        return userIds.stream().map(UserId::value).toArray(String[]::new);
    }

    private static RejectionRow row(ResultSet row, int number) throws SQLException {
        return new RejectionRow(
                row.getString("organization_id"),
                row.getString("user_id"),
                row.getObject("rejected_at", OffsetDateTime.class).toInstant(),
                row.getString("command"),
                row.getString("command_id"),
                row.getString("code"),
                numbers(row.getString("numbers")),
                row.getString("actor"),
                row.getString("correlation_id"));
    }

    private static Map<String, @Nullable Object> numbers(String json) {
        return JSON.readValue(json, new TypeReference<>() {});
    }
}
