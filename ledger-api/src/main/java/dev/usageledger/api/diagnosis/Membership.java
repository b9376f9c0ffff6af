package dev.usageledger.api.diagnosis;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a person and one organization.
 *
 * @param since when the person was added, by the ledger; {@code null} for no member of it
 * @param listed whether the list of members, which finds who pays, has the person
 * @param removedAt when the person was removed, by the list of members; {@code null} where that is not so
 * @param addressKept whether an address is kept with this membership
 */
record Membership(
        OrganizationId organizationId,
        UserId userId,
        @Nullable Instant since,
        boolean listed,
        @Nullable Instant removedAt,
        boolean addressKept) {
    boolean isMember() {
        return since != null;
    }
}
