package dev.usageledger.projections.usage;

import dev.usageledger.organization.Balance;
import dev.usageledger.organization.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Which organizations to list; {@code null} means all.
 *
 * @param name a part of the name, in upper or lower case
 * @param memberUserId a present member
 */
public record OrganizationFilter(
        @Nullable String name,
        Balance.@Nullable Status status,
        @Nullable UserId memberUserId) {
    public static final OrganizationFilter ALL = new OrganizationFilter(null, null, null);
}
