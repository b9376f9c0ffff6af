package dev.usageledger.organization;

import dev.usageledger.organization.Organization.Open;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The minutes that a balance consists of, or a change of them: then they may be negative.
 *
 * @param base base minutes that remain; 0 for an unlimited plan
 * @param overage minutes that remain in packs
 * @param held by uploads in flight
 * @param used in the current period: from base, from overage, and uncovered
 * @param uncovered of those used
 * @param packs what remains in each pack, without those that have nothing
 */
public record Figures(long base, long overage, long held, long used, long uncovered, Map<PurchaseId, Long> packs) {
    public static final Figures NOTHING = new Figures(0, 0, 0, 0, 0, Map.of());

    public Figures {
        packs = Map.copyOf(packs);
    }

    public static Figures of(Open organization) {
        PeriodAccount current = organization.periods().current();
        Minutes base = current.baseRemaining();
        Figures figures = ofBase(base == null ? Minutes.ZERO : base)
                .plus(ofHeld(organization.holds().total()))
                .plus(new Figures(
                        0, 0, 0, current.used().value(), current.uncovered().value(), Map.of()));
        for (OveragePack pack : organization.overage().packs()) {
            figures = figures.plus(of(pack));
        }
        return figures;
    }

    public static Figures ofBase(Minutes base) {
        return new Figures(base.value(), 0, 0, 0, 0, Map.of());
    }

    public static Figures ofHeld(Minutes held) {
        return new Figures(0, 0, held.value(), 0, 0, Map.of());
    }

    public static Figures of(OveragePack pack) {
        long remaining = pack.remaining().value();
        return remaining == 0 ? NOTHING : new Figures(0, remaining, 0, 0, 0, Map.of(pack.purchaseId(), remaining));
    }

    public Figures plus(Figures other) {
        Map<PurchaseId, Long> sums = new LinkedHashMap<>(packs);
        other.packs.forEach((pack, minutes) -> sums.merge(pack, minutes, Math::addExact));
        sums.values().removeIf(minutes -> minutes == 0);
        return new Figures(
                Math.addExact(base, other.base),
                Math.addExact(overage, other.overage),
                Math.addExact(held, other.held),
                Math.addExact(used, other.used),
                Math.addExact(uncovered, other.uncovered),
                sums);
    }

    /** What has to be added to {@code before} to come to this. */
    public Figures since(Figures before) {
        return plus(before.negated());
    }

    private Figures negated() {
        Map<PurchaseId, Long> negative = new LinkedHashMap<>();
        packs.forEach((pack, minutes) -> negative.put(pack, -minutes));
        return new Figures(-base, -overage, -held, -used, -uncovered, negative);
    }
}
