package dev.usageledger.organization;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * An organization's overage packs, in the order they are spent: earliest expiry first, packs without expiry last, ties
 * in order of purchase. Packs that are used up stay for as long as a live period could give minutes back to them.
 */
public record Overage(List<OveragePack> packs) {
    static final Overage NONE = new Overage(List.of());

    public Overage {
        packs = List.copyOf(packs);
    }

    public Minutes remaining() {
        Minutes total = Minutes.ZERO;
        for (OveragePack pack : packs) {
            total = total.plus(pack.remaining());
        }
        return total;
    }

    /** The unspent minutes of the packs that have not expired by then. */
    Minutes lastingBeyond(Instant at) {
        Minutes lasting = Minutes.ZERO;
        for (OveragePack pack : packs) {
            lasting = pack.hasExpiredAt(at) ? lasting : lasting.plus(pack.remaining());
        }
        return lasting;
    }

    public Optional<OveragePack> pack(PurchaseId purchaseId) {
        return packs.stream()
                .filter(pack -> pack.purchaseId().equals(purchaseId))
                .findFirst();
    }

    /** The first pack with unspent minutes that lapse at a set time, if there is one. */
    Optional<OveragePack> nextToExpire() {
        for (OveragePack pack : packs) {
            if (pack.expiresAt() != null && !pack.remaining().isZero()) {
                return Optional.of(pack);
            }
        }
        return Optional.empty();
    }

    /** What the packs pay of {@code asked}, in spending order; in all at most what remains. */
    List<PackCharge> chargesFor(Minutes asked) {
        if (asked.isZero() || packs.isEmpty()) {
            return List.of();
        }
        List<PackCharge> charges = new ArrayList<>();
        Minutes left = asked;
        for (OveragePack pack : packs) {
            Minutes taken = left.min(pack.remaining());
            if (!taken.isZero()) {
                charges.add(new PackCharge(pack.purchaseId(), taken));
                left = left.minus(taken);
            }
        }
        return charges;
    }

    /** The part of these give-backs that lapses at once, because its pack has expired by {@code at}. */
    List<PackCharge> lapsing(List<PackCharge> givenBack, Instant at) {
        return givenBack.stream()
                .filter(charge -> pack(charge.purchaseId()).orElseThrow().hasExpiredAt(at))
                .toList();
    }

    Overage bought(OveragePack pack) {
        List<OveragePack> ordered = new ArrayList<>(packs);
        int place = 0;
        while (place < ordered.size() && ordered.get(place).isSpentBefore(pack.expiresAt())) {
            place++;
        }
        ordered.add(place, pack);
        return new Overage(ordered);
    }

    Overage charged(List<PackCharge> charges) {
        return changed(charges, OveragePack::charged);
    }

    Overage givenBack(List<PackCharge> charges) {
        return changed(charges, OveragePack::givenBack);
    }

    Overage lapsed(List<PackCharge> charges) {
        return changed(charges, OveragePack::lapsed);
    }

    Overage refunded(PackCharge refund) {
        return changed(List.of(refund), OveragePack::refunded);
    }

    /** Without the packs that have nothing left, unless they are among those charged: to these minutes may come back. */
    Overage withoutSpent(Set<PurchaseId> charged) {
        return new Overage(packs.stream()
                .filter(pack -> !pack.remaining().isZero() || charged.contains(pack.purchaseId()))
                .toList());
    }

    private Overage changed(List<PackCharge> charges, BiFunction<OveragePack, Minutes, OveragePack> change) {
        if (charges.isEmpty()) {
            return this;
        }
        List<OveragePack> changed = new ArrayList<>(packs);
        for (PackCharge charge : charges) {
            changed.replaceAll(pack ->
                    pack.purchaseId().equals(charge.purchaseId()) ? change.apply(pack, charge.minutes()) : pack);
        }
        return new Overage(changed);
    }
}
