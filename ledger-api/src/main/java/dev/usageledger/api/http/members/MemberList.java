package dev.usageledger.api.http.members;

import dev.usageledger.api.access.MemberEmails;
import dev.usageledger.api.http.ListAnswer;
import dev.usageledger.api.http.Lists;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.Page;
import dev.usageledger.projections.members.MemberQuery;
import dev.usageledger.projections.members.MemberRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The members of an organization, with what is known of their e-mail addresses. */
@RestController
class MemberList {
    private final Lists lists;
    private final MemberQuery members;
    private final MemberEmails emails;

    MemberList(Lists lists, MemberQuery members, MemberEmails emails) {
        this.lists = lists;
        this.members = members;
        this.emails = emails;
    }

    /** @param email {@code null} when none was given, or it was erased */
    record MemberView(UserId userId, @Nullable String email, Instant since) {
        // Frameworks log what they are handed when asked to say more; an address is for no log.
        @Override
        public String toString() {
            return "member " + userId;
        }
    }

    @GetMapping(path = "/v1/organizations/{organizationId}/members", produces = "application/json")
    ListAnswer<MemberView> list(Request request) {
        return lists.ofOrganization(request, this::page);
    }

    private Page<MemberView> page(OrganizationId organizationId, @Nullable String cursor, int limit) {
        Page<MemberRow> page = members.newestFirst(organizationId, cursor, limit);
        List<UserId> userIds =
                page.items().stream().map(row -> new UserId(row.userId())).toList();
        Map<UserId, String> known = emails.of(organizationId, userIds);
        List<MemberView> views = page.items().stream()
                .map(row -> view(new UserId(row.userId()), row, known))
                .toList();
        return new Page<>(views, page.next());
    }

    private static MemberView view(UserId userId, MemberRow row, Map<UserId, String> known) {
        return new MemberView(userId, known.get(userId), row.since());
    }
}
