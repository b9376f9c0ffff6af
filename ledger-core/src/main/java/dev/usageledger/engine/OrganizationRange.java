package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import org.jspecify.annotations.Nullable;

/**
 * All organizations whose identifiers lie in a range, those that nothing is known of included: whatever bears an
 * identifier is in exactly one of several ranges that adjoin.
 *
 * @param from the first identifier that belongs to it; {@code null} when it has no beginning
 * @param before the first that does not belong to it any more; {@code null} when it has no end
 */
public record OrganizationRange(
        @Nullable String from, @Nullable String before) {
    public static final OrganizationRange ALL = new OrganizationRange(null, null);

    // Less than every character that an identifier may have, so nothing lies between an identifier and this one.
    private static final char LEAST = '\u0001';

    public static OrganizationRange of(OrganizationId only) {
        return new OrganizationRange(only.value(), only.value() + LEAST);
    }

    public boolean contains(String organizationId) {
        return (from == null || organizationId.compareTo(from) >= 0)
                && (before == null || organizationId.compareTo(before) < 0);
    }

    /**
     * Whether {@code organization_id} is in it, as a condition in SQL. A literal and no parameter, since {@code COPY}
     * takes none; the bounds are made of an identifier's characters, none of which has a meaning there.
     */
    public String condition(String organizationId) {
        String atLeast = from == null ? "true" : "%s >= %s".formatted(organizationId, literal(from));
        String less = before == null ? "true" : "%s < %s".formatted(organizationId, literal(before));
        return "(%s AND %s)".formatted(atLeast, less);
    }

    private static String literal(String bound) {
        return "'" + bound.replace("'", "''") + "' COLLATE \"C\"";
    }
}
