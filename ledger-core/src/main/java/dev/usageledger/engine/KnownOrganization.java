package dev.usageledger.engine;

import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationDecider;

/**
 * An organization as of one of its events.
 *
 * @param sequence of that event; −1 when nothing has happened yet
 * @param position of that event; 0 when nothing has happened yet
 */
record KnownOrganization(Organization organization, long sequence, long position) {
    static final KnownOrganization NOTHING = new KnownOrganization(Organization.NOT_OPENED, -1, 0);

    KnownOrganization after(StoredEvent next) {
        return new KnownOrganization(
                OrganizationDecider.evolve(organization, next.event()), next.sequence(), next.position());
    }

    /** @throws ClassCastException when nothing has happened yet. */
    Open open() {
        return (Open) organization;
    }
}
