package dev.usageledger.api.access;

import dev.usageledger.api.rejections.RejectionQuery;
import dev.usageledger.organization.UserId;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Forgets who a person is: their addresses, in all organizations, and what was noted of their refused calls. Events hold
 * opaque identifiers alone and stay as they are, and so do memberships and every number.
 */
@Component
public class PersonErasure {
    private final MemberEmails emails;
    private final RejectionQuery rejections;

    public PersonErasure(JdbcClient database) {
        this.emails = new MemberEmails(database);
        this.rejections = new RejectionQuery(database);
    }

    /**
     * @param userIds whom the address stood for
     * @param addresses how many memberships an address was kept with
     */
    public record Erased(List<String> userIds, int addresses) {}

    /** Everybody that an address was given for, with all their addresses. Nobody may be left, and that is no error. */
    public Erased byEmail(String email) {
        return erase(emails.holders(email).stream()
                .map(MemberEmails.Holder::userId)
                .distinct()
                .toList());
    }

    public Erased byUser(UserId userId) {
        return erase(List.of(userId));
    }

    private Erased erase(List<UserId> userIds) {
        rejections.erase(userIds);
        return new Erased(userIds.stream().map(UserId::value).toList(), emails.erase(userIds));
    }
}
