package dev.usageledger.organization;

import dev.usageledger.organization.Organization.Open;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a caller with too few minutes can do next. Each of them would do by itself. */
public sealed interface Action {
    /** Buy at least so many overage minutes. */
    record PurchaseMinutes(Minutes minutes) implements Action {}

    /** Wait until base minutes renew. */
    record WaitForRenewal(Instant at) implements Action {}

    /** Release these holds, oldest first. */
    record ReleaseReservations(List<ReservationId> ids) implements Action {
        public ReleaseReservations {
            ids = List.copyOf(ids);
        }
    }

    /** What would make {@code asked} minutes remain in an organization that has fewer, most useful first. */
    static List<Action> toAdmit(Minutes asked, Open organization) {
        PeriodAccount current = organization.periods().current();
        Minutes wanted = asked.plus(organization.holds().total());
        Minutes missing = wanted.lessAtMost(organization.unspent());
        List<Action> actions = new ArrayList<>();
        // A purchase first covers what is uncovered, so that has to be bought too.
        actions.add(new PurchaseMinutes(missing.plus(current.uncovered())));
        if (renewalAdmits(wanted, organization)) {
            actions.add(new WaitForRenewal(current.period().end()));
        }
        List<ReservationId> releasable = organization.holds().freeing(missing);
        if (!releasable.isEmpty()) {
            actions.add(new ReleaseReservations(releasable));
        }
        return actions;
    }

    private static boolean renewalAdmits(Minutes wanted, Open organization) {
        Minutes included = organization.periods().planAfterRoll().includedMinutes();
        return included == null
                || !wanted.exceeds(included.plus(organization.overage().remaining()));
    }
}
