package dev.usageledger.organization;

import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.Rejection.InsufficientMinutes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether there are enough minutes for what is asked and, where there are not, what would make them enough.
 *
 * @param account the period whose base would pay: the current one, or for late usage the one just closed
 * @param organization without the hold that is the asker's own
 * @param renewable whether the base of the next period would pay if the same were asked again then
 */
record Admission(Minutes asked, PeriodAccount account, Open organization, boolean renewable) {

    /** Asks for minutes of the current period, or of the next one if need be. */
    static Admission ofCurrent(Minutes asked, Open organization) {
        return new Admission(asked, organization.periods().current(), organization, true);
    }

    boolean isGranted() {
        Minutes available = available();
        return available == null
                || organization.periods().plan().limit() == Plan.Limit.SOFT
                || !asked.exceeds(available);
    }

    InsufficientMinutes refusal() {
        Minutes available = orZero(available());
        return new InsufficientMinutes(
                asked,
                available,
                orZero(account.baseRemaining()),
                overage(),
                held(),
                asked.minus(available),
                renewsAt(),
                actions());
    }

    /** Each of them would do by itself, the most useful first. */
    List<Action> actions() {
        List<Action> actions = new ArrayList<>();
        // A purchase first covers what is uncovered, so that has to be bought too.
        Minutes uncovered = organization.periods().current().uncovered();
        actions.add(new Action.PurchaseMinutes(missing().plus(uncovered)));
        if (renewable && isGrantedByRenewal()) {
            actions.add(new Action.WaitForRenewal(renewsAt()));
        }
        List<ReservationId> releasable = releasable();
        if (!releasable.isEmpty()) {
            actions.add(new Action.ReleaseReservations(releasable));
        }
        return actions;
    }

    /** What can be spent without taking what uploads in flight hold; {@code null} when the period is unlimited. */
    private @Nullable Minutes available() {
        Minutes base = account.baseRemaining();
        if (base == null) {
            return null;
        }
        return isCurrent()
                ? base.plus(overage()).lessAtMost(held())
                : base.plus(overage().lessAtMost(heldBeyondBase()));
    }

    /** How many minutes more there would have to be. */
    private Minutes missing() {
        Minutes base = orZero(account.baseRemaining());
        return isCurrent()
                ? asked.plus(held()).lessAtMost(base.plus(overage()))
                : asked.lessAtMost(base).plus(heldBeyondBase()).lessAtMost(overage());
    }

    private boolean isCurrent() {
        return account.period().equals(organization.periods().current().period());
    }

    /** What uploads in flight will need of the packs once the current period's base is spent. */
    private Minutes heldBeyondBase() {
        Minutes base = organization.periods().current().baseRemaining();
        return base == null ? Minutes.ZERO : held().lessAtMost(base);
    }

    private List<ReservationId> releasable() {
        boolean enoughWithoutHolds =
                !asked.exceeds(orZero(account.baseRemaining()).plus(overage()));
        return enoughWithoutHolds ? organization.holds().freeing(missing()) : List.of();
    }

    private boolean isGrantedByRenewal() {
        Plan plan = organization.periods().planAfterRoll();
        Minutes included = plan.includedMinutes();
        Minutes stillHeld = organization.holds().lastingBeyond(renewsAt());
        Minutes stillThere = organization.overage().lastingBeyond(renewsAt());
        return included == null
                || plan.limit() == Plan.Limit.SOFT
                || !asked.plus(stillHeld).exceeds(included.plus(stillThere));
    }

    private Instant renewsAt() {
        return organization.periods().current().period().end();
    }

    private Minutes overage() {
        return organization.overage().remaining();
    }

    private Minutes held() {
        return organization.holds().total();
    }

    private static Minutes orZero(@Nullable Minutes minutes) {
        return minutes == null ? Minutes.ZERO : minutes;
    }
}
