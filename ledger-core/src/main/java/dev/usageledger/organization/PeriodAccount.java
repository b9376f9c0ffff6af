package dev.usageledger.organization;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one billing period has charged. Used minutes are not stored: they are the sum of the three terms, so they cannot
 * disagree with them.
 *
 * @param included base minutes of this period; {@code null} means unlimited
 * @param fromBase spent base minutes; more than {@code included} after a change to a smaller plan
 * @param fromOverage what packs paid, in the order they were charged; neighbours of one pack are one entry, so its
 *     length follows the number of packs and not the number of transcriptions
 */
public record PeriodAccount(
        BillingPeriod period,
        @Nullable Minutes included,
        Minutes fromBase,
        List<PackCharge> fromOverage,
        Minutes uncovered) {

    public PeriodAccount {
        fromOverage = List.copyOf(fromOverage);
    }

    static PeriodAccount empty(BillingPeriod period, Plan plan) {
        return new PeriodAccount(period, plan.includedMinutes(), Minutes.ZERO, List.of(), Minutes.ZERO);
    }

    public Minutes used() {
        return fromBase.plus(overageUsed()).plus(uncovered);
    }

    public Minutes overageUsed() {
        return PackCharge.total(fromOverage);
    }

    /** How much of {@code asked} the base of this period can still pay. */
    Minutes baseFor(Minutes asked) {
        return included == null ? asked : asked.min(included.lessAtMost(fromBase));
    }

    /** Base minutes not yet spent; {@code null} when unlimited. */
    public @Nullable Minutes baseRemaining() {
        return included == null ? null : included.lessAtMost(fromBase);
    }

    Set<PurchaseId> chargedPacks() {
        Set<PurchaseId> packs = new HashSet<>();
        fromOverage.forEach(charge -> packs.add(charge.purchaseId()));
        return packs;
    }

    PeriodAccount charged(Charge charge) {
        return new PeriodAccount(
                period,
                included,
                fromBase.plus(charge.fromBase()),
                appended(charge.fromOverage()),
                uncovered.plus(charge.uncovered()));
    }

    /**
     * What giving back so many minutes undoes: the period's uncovered minutes, then its packs, last charged first, then
     * base. A customer gets lasting overage back before base that would lapse.
     */
    Charge undone(Minutes minutes) {
        Minutes fromUncovered = minutes.min(uncovered);
        Minutes fromPacks = minutes.minus(fromUncovered).min(overageUsed());
        return new Charge(minutes.minus(fromUncovered).minus(fromPacks), lastCharged(fromPacks), fromUncovered);
    }

    PeriodAccount givenBack(Charge charge) {
        return new PeriodAccount(
                period,
                included,
                fromBase.minus(charge.fromBase()),
                withoutLast(charge.overage()),
                uncovered.minus(charge.uncovered()));
    }

    PeriodAccount coveredByOverage(List<PackCharge> charges) {
        return new PeriodAccount(
                period, included, fromBase, appended(charges), uncovered.minus(PackCharge.total(charges)));
    }

    PeriodAccount onPlan(Plan plan, Minutes covered) {
        return new PeriodAccount(
                period, plan.includedMinutes(), fromBase.plus(covered), fromOverage, uncovered.minus(covered));
    }

    private List<PackCharge> appended(List<PackCharge> charges) {
        if (charges.isEmpty()) {
            return fromOverage;
        }
        List<PackCharge> all = new ArrayList<>(fromOverage);
        for (PackCharge charge : charges) {
            boolean samePack = !all.isEmpty() && all.getLast().purchaseId().equals(charge.purchaseId());
            all.add(samePack ? all.removeLast().plus(charge.minutes()) : charge);
        }
        return all;
    }

    private List<PackCharge> lastCharged(Minutes minutes) {
        List<PackCharge> undone = new ArrayList<>();
        Minutes left = minutes;
        for (PackCharge charge : fromOverage.reversed()) {
            if (left.isZero()) {
                break;
            }
            Minutes taken = left.min(charge.minutes());
            undone.add(new PackCharge(charge.purchaseId(), taken));
            left = left.minus(taken);
        }
        return undone;
    }

    private List<PackCharge> withoutLast(Minutes minutes) {
        if (minutes.isZero()) {
            return fromOverage;
        }
        List<PackCharge> kept = new ArrayList<>(fromOverage);
        Minutes left = minutes;
        while (!left.isZero()) {
            PackCharge last = kept.removeLast();
            Minutes taken = left.min(last.minutes());
            left = left.minus(taken);
            if (last.minutes().exceeds(taken)) {
                kept.add(new PackCharge(last.purchaseId(), last.minutes().minus(taken)));
            }
        }
        return kept;
    }
}
