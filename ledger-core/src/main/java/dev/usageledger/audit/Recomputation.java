package dev.usageledger.audit;

import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.PeriodAccount;
import dev.usageledger.organization.Periods;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Statements and balance of an organization, computed from its events by the rules themselves. */
final class Recomputation {
    private final SortedMap<Long, PeriodStatement> statements = new TreeMap<>();
    private Organization organization;

    /** @param before the organization before the first event */
    Recomputation(Organization before) {
        this.organization = before;
        note();
    }

    void apply(OrganizationEvent event) {
        organization = OrganizationDecider.evolve(organization, event);
        note();
    }

    private void note() {
        if (organization instanceof Open open) {
            Periods periods = open.periods();
            PeriodAccount previous = periods.previous();
            if (previous != null) {
                note(previous);
            }
            note(periods.current());
        }
    }

    private void note(PeriodAccount account) {
        statements.put(account.period().index(), PeriodStatement.of(account));
    }

    Organization organization() {
        return organization;
    }

    /** Of each period that was current or just closed at any time, as it stands after the last event. */
    List<PeriodStatement> statements() {
        return List.copyOf(statements.values());
    }

    @Nullable
    ClosingBalance balance() {
        return organization instanceof Open open ? ClosingBalance.of(open) : null;
    }
}
