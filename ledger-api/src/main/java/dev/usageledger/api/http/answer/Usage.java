package dev.usageledger.api.http.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.engine.Standing;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.OveragePack;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.PurchaseId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an organization stands, with every number that there is about it and one sentence for people.
 *
 * @param nextPlan the plan that waits for the next period; left out when none does
 * @param remainingMinutes {@code null} when unlimited, as are capacity and the base that remains
 * @param asOf the moment that this is computed for: all that is due by then is in it
 * @param knownAt what had become known by then is in it; left out when that is now
 * @param position of the last event that the organization had recorded by then
 */
public record Usage(
        OrganizationId organizationId,
        String name,
        PlanView plan,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable PlanView nextPlan,
        PeriodView period,
        Minutes usedMinutes,
        @Nullable Minutes remainingMinutes,
        Minutes heldMinutes,
        Minutes uncoveredMinutes,
        @Nullable Minutes capacityMinutes,
        Base base,
        Overage overage,
        String status,
        String message,
        List<ActionView> actions,
        Instant asOf,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant knownAt,
        long position) {

    public record Base(
            @Nullable Minutes included,
            Minutes used,
            @Nullable Minutes remaining) {}

    public record Overage(Minutes remaining, Minutes used, List<Pack> packs) {}

    public record Pack(
            PurchaseId purchaseId,
            Minutes minutes,
            Minutes remaining,
            @Nullable Instant expiresAt) {
        static Pack of(OveragePack pack) {
            return new Pack(pack.purchaseId(), pack.minutes(), pack.remaining(), pack.expiresAt());
        }
    }

    public static Usage of(Standing standing) {
        return of(standing, null);
    }

    public static Usage of(Standing standing, @Nullable Instant knownAt) {
        Balance balance = standing.balance();
        Plan next = balance.nextPlan();
        return new Usage(
                balance.organizationId(),
                balance.name(),
                PlanView.of(balance.plan()),
                next == null ? null : PlanView.of(next),
                PeriodView.of(balance.period(), balance.calendar()),
                balance.used(),
                balance.remaining(),
                balance.held(),
                balance.uncovered(),
                balance.capacity(),
                new Base(balance.plan().includedMinutes(), balance.baseUsed(), balance.baseRemaining()),
                new Overage(
                        balance.overageRemaining(),
                        balance.overageUsed(),
                        balance.packs().stream().map(Pack::of).toList()),
                Text.kebab(balance.status()),
                UsageMessage.of(balance),
                ActionView.of(balance.actions()),
                standing.asOf(),
                knownAt,
                standing.position());
    }
}
