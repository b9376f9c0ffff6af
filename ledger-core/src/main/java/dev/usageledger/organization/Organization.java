package dev.usageledger.organization;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an organization's events add up to. Immutable; its size does not grow with its history. */
public sealed interface Organization {
    NotOpened NOT_OPENED = new NotOpened();

    /** An identifier that nothing has happened to yet. */
    record NotOpened() implements Organization {}

    /**
     * An organization with a ledger.
     *
     * @param members its members, each with the moment it was added
     * @param recordedUpTo when the last event was recorded; time inside an organization never runs backwards
     */
    record Open(
            OrganizationId id,
            String name,
            Periods periods,
            Overage overage,
            Holds holds,
            Map<UserId, Instant> members,
            Instant recordedUpTo)
            implements Organization {

        /** Base remaining + overage remaining − held, never below 0; {@code null} when the plan is unlimited. */
        public @Nullable Minutes remaining() {
            return periods.plan().isUnlimited() ? null : unspent().lessAtMost(holds.total());
        }

        /** What there is to spend in the current period, spent or not; {@code null} when the plan is unlimited. */
        public @Nullable Minutes capacity() {
            PeriodAccount current = periods.current();
            return periods.plan().isUnlimited()
                    ? null
                    : current.used().minus(current.uncovered()).plus(unspent());
        }

        /** Whether used minutes have come to so many percent of the capacity; an unused or unlimited plan's never have. */
        public boolean hasUsedAtLeast(int percent) {
            Minutes capacity = capacity();
            Minutes used = periods.current().used();
            return capacity != null && !used.isZero() && isShare(used.value(), percent, capacity.value());
        }

        /** When something next happens by itself: a hold or a pack expires, or the period ends. */
        public Instant nextDueAt() {
            Instant due = periods.current().period().end();
            Hold hold = holds.nextToExpire();
            Instant pack = overage.nextToExpire().map(OveragePack::expiresAt).orElse(due);
            due = hold != null && hold.expiresAt().isBefore(due) ? hold.expiresAt() : due;
            return pack.isBefore(due) ? pack : due;
        }

        /** Base remaining + overage remaining, held or not. Overage alone when the plan is unlimited. */
        Minutes unspent() {
            Minutes base = periods.current().baseRemaining();
            return base == null ? overage.remaining() : base.plus(overage.remaining());
        }

        /** {@code used / capacity ≥ percent / 100} in whole numbers, exact for all 64 bits. */
        private static boolean isShare(long used, long percent, long capacity) {
            long high = Math.multiplyHigh(used, 100L) - Math.multiplyHigh(capacity, percent);
            return high != 0 ? high > 0 : Long.compareUnsigned(used * 100L, capacity * percent) >= 0;
        }

        /** {@code receivedAt}, raised to the last event's time where a clock has jumped back. */
        Instant notBefore(Instant receivedAt) {
            return receivedAt.isBefore(recordedUpTo) ? recordedUpTo : receivedAt;
        }

        Open with(Periods changed) {
            return new Open(id, name, changed, overage, holds, members, recordedUpTo);
        }

        Open with(Overage changed) {
            return new Open(id, name, periods, changed, holds, members, recordedUpTo);
        }

        Open with(Holds changed) {
            return new Open(id, name, periods, overage, changed, members, recordedUpTo);
        }

        Open withMembers(Map<UserId, Instant> changed) {
            return new Open(id, name, periods, overage, holds, changed, recordedUpTo);
        }

        Open recordedAt(Instant at) {
            return new Open(id, name, periods, overage, holds, members, at);
        }
    }
}
