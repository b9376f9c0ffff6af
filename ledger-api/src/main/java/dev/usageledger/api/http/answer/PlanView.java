package dev.usageledger.api.http.answer;

import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Plan;
import org.jspecify.annotations.Nullable;

/** @param includedMinutes {@code null} means unlimited */
public record PlanView(String code, @Nullable Long includedMinutes, Plan.Limit limit) {
    static PlanView of(Plan plan) {
        Minutes included = plan.includedMinutes();
        return new PlanView(plan.code(), included == null ? null : included.value(), plan.limit());
    }
}
