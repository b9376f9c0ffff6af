package dev.usageledger.api.access;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The e-mail addresses of members. An address belongs to a membership and goes with it; it is in no event and no log, so
 * that erasing it here erases it.
 */
@Component
public class MemberEmails {
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,190}");

    private final JdbcClient database;

    public MemberEmails(JdbcClient database) {
        this.database = database;
    }

    /** The address as it is kept: in lower case. It cannot be proven here that mail arrives. */
    public static String normalized(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            throw new IllegalArgumentException("must be an e-mail address");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    public void keep(OrganizationId organizationId, UserId userId, String email) {
        database.sql("""
                        INSERT INTO access.member_emails (organization_id, user_id, email)
                        VALUES (:organization, :user, :email)
                        ON CONFLICT (organization_id, user_id) DO UPDATE SET email = excluded.email
                        """)
                .param("organization", organizationId.value())
                .param("user", userId.value())
                .param("email", email)
                .update();
    }

    public void erase(OrganizationId organizationId, UserId userId) {
        database.sql("DELETE FROM access.member_emails WHERE organization_id = :organization AND user_id = :user")
                .param("organization", organizationId.value())
                .param("user", userId.value())
                .update();
    }

    /** A membership that an address is kept with. */
    public record Holder(OrganizationId organizationId, UserId userId) {}

    /** Whom an address belongs to, by organization; nobody, where it was never given or has been erased. */
    public List<Holder> holders(String email) {
        return database.sql("""
                        SELECT organization_id, user_id FROM access.member_emails
                        WHERE email = :email ORDER BY organization_id, user_id
                        """)
                .param("email", email)
                .query((row, number) -> new Holder(
                        new OrganizationId(row.getString("organization_id")), new UserId(row.getString("user_id"))))
                .list();
    }

    /**
     * Erases every address of these people, in all organizations. Their memberships stay.
     *
     * @return how many memberships had one
     */
    public int erase(Collection<UserId> userIds) {
        return database.sql("DELETE FROM access.member_emails WHERE user_id = ANY (:users)")
                .param("users", userIds.stream().map(UserId::value).toArray(String[]::new))
                .update();
    }

    /** The addresses that are known of these members of an organization. */
    public Map<UserId, String> of(OrganizationId organizationId, Collection<UserId> userIds) {
        return database
                .sql("""
                        SELECT user_id, email FROM access.member_emails
                        WHERE organization_id = :organization AND user_id = ANY (:users)
                        """)
                .param("organization", organizationId.value())
                .param("users", userIds.stream().map(UserId::value).toArray(String[]::new))
                .query((row, number) -> Map.entry(new UserId(row.getString("user_id")), row.getString("email")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
