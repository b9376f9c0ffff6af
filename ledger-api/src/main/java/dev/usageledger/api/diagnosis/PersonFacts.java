package dev.usageledger.api.diagnosis;

import dev.usageledger.api.rejections.RejectionRow;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a person.
 *
 * @param email as it was asked for; {@code null} when it was not asked by address
 * @param userIds whom it stands for; none when the address is not kept
 * @param memberships where the person is a member, has been one, or has an address kept
 * @param refused calls by user that found no organization to charge, or several; newest first
 */
record PersonFacts(
        @Nullable String email, List<UserId> userIds, List<Membership> memberships, List<RejectionRow> refused) {
    List<OrganizationId> organizations() {
        return memberships.stream()
                .filter(Membership::isMember)
                .map(Membership::organizationId)
                .distinct()
                .toList();
    }

    boolean isKnown() {
        return !memberships.isEmpty() || !refused.isEmpty();
    }

    /** The person as support speaks of them. */
    String name() {
        if (userIds.isEmpty()) {
            return String.valueOf(email);
        }
        return email == null ? Wording.list(userIds) : email + " (" + Wording.list(userIds) + ")";
    }

    @Override
    public String toString() {
        return "facts about " + userIds;
    }
}
