package dev.usageledger.projections.usage;

import dev.usageledger.engine.OrganizationCodec;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.PeriodAccount;
import dev.usageledger.organization.Periods;
import java.time.Instant;

/**
 * The state of an organization as the {@code state} of its row holds it: all but the base and the uncovered minutes of the
 * current period and when the last event was recorded, since these are columns of the row. Hardly anything else changes
 * with most events, so it need not be written for them.
 */
final class StoredState {
    private StoredState() {}

    static String json(Open organization) {
        return OrganizationCodec.json(withoutColumns(organization));
    }

    /**
     * The whole state, of what a row holds.
     *
     * @throws dev.usageledger.engine.UnreadableEventException when {@code json} is no state
     */
    static Open organization(String json, Minutes baseUsed, Minutes uncovered, Instant updatedAt) {
        return with(OrganizationCodec.organization(json), baseUsed, uncovered, updatedAt);
    }

    /** Whether both would be stored as the same. */
    static boolean isSame(Open before, Open after) {
        return withoutColumns(before).equals(withoutColumns(after));
    }

    private static Open withoutColumns(Open organization) {
        return with(organization, Minutes.ZERO, Minutes.ZERO, Instant.EPOCH);
    }

    private static Open with(Open organization, Minutes baseUsed, Minutes uncovered, Instant recordedUpTo) {
        Periods periods = organization.periods();
        PeriodAccount current = periods.current();
        return new Open(
                organization.id(),
                organization.name(),
                new Periods(
                        periods.calendar(),
                        periods.plan(),
                        periods.nextPlan(),
                        new PeriodAccount(
                                current.period(), current.included(), baseUsed, current.fromOverage(), uncovered),
                        periods.previous(),
                        periods.thresholdsReached()),
                organization.overage(),
                organization.holds(),
                organization.members(),
                recordedUpTo);
    }
}
