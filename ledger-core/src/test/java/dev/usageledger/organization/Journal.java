package dev.usageledger.organization;

import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Organization.Open;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The ledger of one organization in memory: its events, and the organization they add up to. */
final class Journal {
    private final LedgerPolicy policy;
    private final OrganizationDecider decider;
    private final List<OrganizationEvent> events = new ArrayList<>();
    private Organization organization = Organization.NOT_OPENED;

    Journal(LedgerPolicy policy) {
        this.policy = policy;
        this.decider = new OrganizationDecider(policy);
    }

    Journal() {
        this(LedgerPolicy.STANDARD);
    }

    /** A journal that goes on from here by itself. */
    Journal copy() {
        Journal copy = new Journal(policy);
        copy.events.addAll(events);
        copy.organization = organization;
        return copy;
    }

    Decision send(OrganizationCommand command) {
        Decision decision = decider.decide(command, organization, Past.recalled(command, events));
        if (decision instanceof Accepted accepted) {
            events.addAll(accepted.events());
            organization = accepted.organization();
        }
        return decision;
    }

    /** Takes in what has happened without asking the rules. */
    void append(OrganizationEvent event) {
        events.add(event);
        organization = OrganizationDecider.evolve(organization, event);
    }

    List<OrganizationEvent> events() {
        return Collections.unmodifiableList(events);
    }

    Organization organization() {
        return organization;
    }

    boolean isOpen() {
        return organization instanceof Open;
    }

    Open open() {
        return (Open) organization;
    }

    /** The organization with what is due by then. */
    Open openAt(Instant at) {
        return decider.advanced(open(), at);
    }

    Balance balanceAt(Instant at) {
        return Balance.of(openAt(at), policy);
    }

    static Organization replay(Iterable<? extends OrganizationEvent> events) {
        Organization organization = Organization.NOT_OPENED;
        for (OrganizationEvent event : events) {
            organization = OrganizationDecider.evolve(organization, event);
        }
        return organization;
    }
}
