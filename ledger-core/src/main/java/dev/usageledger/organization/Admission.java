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
 * @param staysInItsPeriod whether the current period would still have to pay if the same were asked again in the next
 */
record Admission(Minutes asked, PeriodAccount account, Open organization, boolean staysInItsPeriod) {

    /** Asks for minutes of whatever period is the current one. */
    static Admission ofCurrent(Minutes asked, Open organization) {
        return new Admission(asked, organization.periods().current(), organization, false);
    }

    boolean isGranted() {
        return isEnough(available(), organization.periods().plan());
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
        if (isGrantedByRenewal()) {
            actions.add(new Action.WaitForRenewal(renewsAt()));
        }
        List<ReservationId> releasable = releasable();
        if (!releasable.isEmpty()) {
            actions.add(new Action.ReleaseReservations(releasable));
        }
        return actions;
    }

    private boolean isEnough(@Nullable Minutes available, Plan plan) {
        return available == null || plan.limit() == Plan.Limit.SOFT || !asked.exceeds(available);
    }

    private @Nullable Minutes available() {
        return available(isCurrent(), account.baseRemaining(), currentBase(), overage(), held());
    }

    /**
     * What a period can spend without taking what uploads in flight hold: they take the current period's base first and
     * of the packs only what is beyond it. {@code null} when the period is unlimited.
     */
    private static @Nullable Minutes available(
            boolean isCurrent, @Nullable Minutes base, @Nullable Minutes currentBase, Minutes overage, Minutes held) {
        if (base == null) {
            return null;
        }
        Minutes ofBase = isCurrent ? base.lessAtMost(held) : base;
        return ofBase.plus(overage.lessAtMost(beyond(currentBase, held)));
    }

    private static Minutes beyond(@Nullable Minutes base, Minutes held) {
        return base == null ? Minutes.ZERO : held.lessAtMost(base);
    }

    /** How many minutes more there would have to be. */
    private Minutes missing() {
        Minutes base = orZero(account.baseRemaining());
        return isCurrent()
                ? asked.plus(held()).lessAtMost(base.plus(overage()))
                : asked.lessAtMost(base).plus(beyond(currentBase(), held())).lessAtMost(overage());
    }

    private List<ReservationId> releasable() {
        boolean enoughWithoutHolds =
                !asked.exceeds(orZero(account.baseRemaining()).plus(overage()));
        return enoughWithoutHolds ? organization.holds().freeing(missing()) : List.of();
    }

    private boolean isGrantedByRenewal() {
        Plan plan = organization.periods().planAfterRoll();
        Minutes base = staysInItsPeriod ? account.baseRemaining() : plan.includedMinutes();
        Minutes overage = organization.overage().lastingBeyond(renewsAt());
        Minutes held = organization.holds().lastingBeyond(renewsAt());
        return isEnough(available(!staysInItsPeriod, base, plan.includedMinutes(), overage, held), plan);
    }

    private boolean isCurrent() {
        return account.period().equals(organization.periods().current().period());
    }

    private @Nullable Minutes currentBase() {
        return organization.periods().current().baseRemaining();
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
