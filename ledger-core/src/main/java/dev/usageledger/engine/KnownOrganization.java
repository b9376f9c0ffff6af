package dev.usageledger.engine;

import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;

/**
 * An organization as of one of its events.
 *
 * @param sequence of that event; −1 when nothing has happened yet
 * @param position of that event, or of an earlier one until it has a position; 0 when nothing has happened yet
 * @param draft of the chapter that the event stands in
 */
record KnownOrganization(Organization organization, long sequence, long position, ChapterDraft draft) {
    static final KnownOrganization NOTHING = new KnownOrganization(Organization.NOT_OPENED, -1, 0, ChapterDraft.BEGUN);

    /** As it was put aside: without what its chapter has said so far. */
    KnownOrganization(Organization organization, long sequence, long position) {
        this(organization, sequence, position, ChapterDraft.UNKNOWN);
    }

    KnownOrganization after(StoredEvent next) {
        return after(next.sequence(), next.position(), next.event());
    }

    /** After an event that has no position yet. */
    KnownOrganization after(OrganizationEvent next) {
        return after(sequence + 1, position, next);
    }

    private KnownOrganization after(long next, long position, OrganizationEvent event) {
        Organization evolved = OrganizationDecider.evolve(organization, event);
        ChapterDraft before = endsChapter() ? ChapterDraft.BEGUN : draft;
        return new KnownOrganization(evolved, next, position, before.after(((Open) evolved).id(), next, event));
    }

    KnownOrganization placed(long position) {
        return new KnownOrganization(organization, sequence, position, draft);
    }

    /** With a draft only if that is at most so large. */
    KnownOrganization withDraftUpTo(long size) {
        return draft.size() > size ? new KnownOrganization(organization, sequence, position) : this;
    }

    /** Whether the next event begins a chapter. */
    boolean endsChapter() {
        return sequence == Chapter.lastSequence(Chapter.of(sequence));
    }

    /** @throws ClassCastException when nothing has happened yet. */
    Open open() {
        return (Open) organization;
    }
}
