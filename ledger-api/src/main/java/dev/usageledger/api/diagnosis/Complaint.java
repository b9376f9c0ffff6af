package dev.usageledger.api.diagnosis;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Whose complaint is to be looked into: a person's, by address or identifier, an organization's, or a person's about one
 * organization.
 *
 * @param email in lower case
 */
public record Complaint(
        @Nullable String email,
        @Nullable UserId userId,
        @Nullable OrganizationId organizationId) {
    /** @throws IllegalArgumentException when it names nobody, or a person twice */
    public Complaint {
        if (email != null && userId != null) {
            throw new IllegalArgumentException("email must not be given together with userId");
        }
        if (email == null && userId == null && organizationId == null) {
            throw new IllegalArgumentException("email must be given, or userId or organizationId in its place");
        }
    }

    boolean isOfPerson() {
        return email != null || userId != null;
    }

    // What is logged of a call must not have an address in it.
    @Override
    public String toString() {
        return "complaint of " + (userId == null ? "a person" : userId) + " about " + organizationId;
    }
}
