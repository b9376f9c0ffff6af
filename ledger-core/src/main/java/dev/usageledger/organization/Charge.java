package dev.usageledger.organization;

import java.util.List;

/**
 * How minutes of usage were paid for, or given back: the three terms that used minutes always consist of.
 *
 * @param fromOverage in the order in which the packs were charged, or given back to
 * @param uncovered what nothing paid for
 */
public record Charge(Minutes fromBase, List<PackCharge> fromOverage, Minutes uncovered) {
    public static final Charge NOTHING = new Charge(Minutes.ZERO, List.of(), Minutes.ZERO);

    public Charge {
        fromOverage = List.copyOf(fromOverage);
    }

    public Minutes overage() {
        return PackCharge.total(fromOverage);
    }

    public Minutes total() {
        return fromBase.plus(overage()).plus(uncovered);
    }
}
