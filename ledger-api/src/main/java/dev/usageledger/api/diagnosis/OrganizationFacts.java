package dev.usageledger.api.diagnosis;

import dev.usageledger.api.rejections.RejectionRow;
import dev.usageledger.audit.ChainVerification.Report;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.BillingPeriod;
import dev.usageledger.organization.Hold;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Rejection.InsufficientMinutes;
import dev.usageledger.organization.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an organization.
 *
 * @param recordedPeriod the current period as of the last event
 * @param balance with all that is due by {@code asOf}
 * @param holds open ones, the oldest first
 * @param rejections newest first
 * @param shortage why the last upload that was refused for lack of minutes would be refused now too, or one minute where
 *     none was; {@code null} when it would be let through
 * @param chain whether its events are as they were recorded; {@code null} when there are too many to look unless asked
 */
record OrganizationFacts(
        Balance balance,
        BillingPeriod recordedPeriod,
        Instant asOf,
        List<OpenHold> holds,
        PackTotals packTotals,
        List<RejectionRow> rejections,
        @Nullable InsufficientMinutes shortage,
        ReplayComparison replay,
        @Nullable Report chain) {
    /** @param userId who holds; {@code null} where nobody was named */
    record OpenHold(Hold hold, Instant reservedAt, @Nullable UserId userId) {
        Duration age(Instant now) {
            return Duration.between(reservedAt, now);
        }
    }

    /** All packs ever bought, by the lists: {@code bought = spent + refunded + expired + remaining}. */
    record PackTotals(long packs, long bought, long spent, long refunded, long expired, long remaining) {}

    String id() {
        return balance.organizationId().value();
    }

    ZoneId zone() {
        return balance.calendar().zone();
    }

    /** Whether an upload of any size is refused. */
    boolean refusesAll() {
        return shortage != null && shortage.remaining().isZero();
    }

    Minutes unspent() {
        Minutes base = balance.baseRemaining();
        return base == null ? balance.overageRemaining() : base.plus(balance.overageRemaining());
    }

    Optional<RejectionRow> lastInsufficient() {
        return lastInsufficient(rejections, asOf);
    }

    /** The last command that was refused for lack of minutes, if that was lately. */
    static Optional<RejectionRow> lastInsufficient(List<RejectionRow> rejections, Instant now) {
        return rejections.stream()
                .filter(rejection -> rejection.code().equals("insufficient-minutes"))
                .filter(rejection -> PersonChecks.isLately(rejection.at(), now))
                .findFirst();
    }
}
