package dev.usageledger.engine;

import dev.usageledger.organization.BillingPeriod;
import dev.usageledger.organization.Figures;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OveragePack;
import dev.usageledger.organization.Plan;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a balance has come about since its period began, line by line; or a page of that. The first line's balance is its
 * change, every other's is the one before plus its change, and the last one's is the balance.
 *
 * @param standing the balance that is explained
 * @param next the sequence that the next page begins after; {@code null} when this is the last one
 */
public record Explanation(
        Standing standing, List<Line> lines, @Nullable Long next) {
    public Explanation {
        lines = List.copyOf(lines);
    }

    /** One step of the way. */
    public record Line(Instant at, Cause cause, Figures change, Figures balance) {}

    /** Where a line comes from. */
    public sealed interface Cause {
        /** The period's base. {@code recorded} is the beginning of the period, unless nothing has recorded it yet. */
        record BaseOfPeriod(
                Plan plan, BillingPeriod period, @Nullable RecordedEvent recorded) implements Cause {}

        /** What a pack from before still had. {@code recorded} is its purchase. */
        record PackCarriedOver(OveragePack pack, RecordedEvent recorded) implements Cause {}

        /** What uploads were holding when the period began. */
        record HoldsCarriedOver(int holds) implements Cause {}

        /** The sum of the pages before. */
        record BroughtForward() implements Cause {}

        record Happened(RecordedEvent recorded) implements Cause {}

        /** It has fallen due, and the next command will record it. */
        record Due(OrganizationEvent event) implements Cause {}
    }
}
