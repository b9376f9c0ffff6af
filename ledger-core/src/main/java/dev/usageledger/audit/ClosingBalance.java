package dev.usageledger.audit;

import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization.Open;
import org.jspecify.annotations.Nullable;

/**
 * What an organization has left after an event, in minutes.
 *
 * @param remaining base remaining + overage remaining − held, never below 0; {@code null} when unlimited
 * @param baseRemaining of the current period; {@code null} when unlimited
 */
public record ClosingBalance(
        @Nullable Long remaining, @Nullable Long baseRemaining, long overageRemaining, long held) {
    static ClosingBalance of(Open organization) {
        return new ClosingBalance(
                value(organization.remaining()),
                value(organization.periods().current().baseRemaining()),
                organization.overage().remaining().value(),
                organization.holds().total().value());
    }

    private static @Nullable Long value(@Nullable Minutes minutes) {
        return minutes == null ? null : Long.valueOf(minutes.value());
    }
}
