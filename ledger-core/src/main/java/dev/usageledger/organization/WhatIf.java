package dev.usageledger.organization;

import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand.ChangePlan;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationCommand.PurchaseOverage;
import dev.usageledger.organization.OrganizationCommand.RefundOverage;
import dev.usageledger.organization.OrganizationEvent.*;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of an organization, and what would have become of it under another plan or with packs of another size. The
 * same usage, corrections, purchases and refunds at the same times, by the same rules; holds are left out, since they
 * move no minutes. Handed the events one by one, it keeps a few numbers for each period.
 */
public final class WhatIf {
    private static final PlanChangeId OTHER_PLAN = new PlanChangeId("what-if");

    private final OrganizationDecider decider;
    private final Alternative alternative;
    private final Side actual;
    private final Side otherwise;

    /**
     * What should have been different.
     *
     * @param plan in force all the time, whatever plan there was; {@code null} keeps those that there were
     * @param packMinutes the size of every pack that is bought; {@code null} keeps their sizes
     */
    public record Alternative(@Nullable Plan plan, @Nullable Minutes packMinutes) {}

    /**
     * What a period came to.
     *
     * @param included {@code null} when unlimited
     * @param bought in packs within the period
     */
    public record Statement(
            @Nullable Minutes included,
            Minutes used,
            Minutes fromBase,
            Minutes fromOverage,
            Minutes uncovered,
            Minutes bought) {
        /** What base did not pay: so many minutes of overage would have left nothing uncovered. */
        public Minutes overageNeeded() {
            return fromOverage.plus(uncovered);
        }
    }

    /** Side by side. */
    public record Comparison(BillingPeriod period, Statement actual, Statement otherwise) {}

    /** @param start the organization at the beginning of the first period that is of interest */
    public WhatIf(OrganizationDecider decider, Open start, Alternative alternative) {
        this.decider = decider;
        this.alternative = alternative;
        this.actual = new Side(start);
        this.otherwise = new Side(start);
        if (alternative.plan() != null) {
            otherwise.decided(
                    new ChangePlan(start.id(), start.recordedUpTo(), OTHER_PLAN, alternative.plan(), Effective.NOW));
        }
    }

    /** Takes in what happened next. */
    public void happened(OrganizationEvent event) {
        actual.applied(event);
        otherwise.advanced(event.recordedAt());
        again(event);
    }

    private void again(OrganizationEvent event) {
        OrganizationId id = otherwise.organization.id();
        Instant at = event.recordedAt();
        switch (event) {
            case TranscriptionRecorded e ->
                otherwise.used(e.period(), e.minutes().value(), at);
            case TranscriptionCorrected e ->
                otherwise.used(e.period(), e.minutes().value() - e.before().value(), at);
            case OveragePurchased e -> {
                Minutes minutes = alternative.packMinutes() == null ? e.minutes() : alternative.packMinutes();
                otherwise.bought(minutes);
                otherwise.decided(new PurchaseOverage(id, at, e.purchaseId(), minutes, e.expiresAt(), e.price()));
            }
            case OverageRefunded e ->
                otherwise.decided(new RefundOverage(id, at, e.refundId(), e.purchaseId(), asFarAsUnspent(e)));
            case PlanChanged e -> changed(new ChangePlan(id, at, e.changeId(), e.plan(), Effective.NOW));
            case PlanChangeScheduled e ->
                changed(new ChangePlan(id, at, e.changeId(), e.plan(), Effective.NEXT_PERIOD));
            case OrganizationOpened e -> {}
            case MemberAdded e -> {}
            case MemberRemoved e -> {}
            case MinutesReserved e -> {}
            case ReservationReleased e -> {}
            case ReservationSettled e -> {}
            case ReservationExpired e -> {}
            // What falls due does so by itself.
            case OveragePackExpired e -> {}
            case BillingPeriodRolled e -> {}
            case ThresholdReached e -> {}
        }
    }

    /** A refund of a number of minutes takes what is there; {@code null}, all of it, where that is what was asked. */
    private @Nullable Minutes asFarAsUnspent(OverageRefunded e) {
        Minutes unspent = otherwise
                .organization
                .overage()
                .pack(e.purchaseId())
                .map(OveragePack::remaining)
                .orElse(Minutes.ZERO);
        return e.minutesGiven() && unspent.exceeds(e.minutes()) ? e.minutes() : null;
    }

    private void changed(ChangePlan change) {
        if (alternative.plan() == null) {
            otherwise.decided(change);
        }
    }

    /** The periods in their order, up to the one that {@code now} is in. */
    public List<Comparison> periods(Instant now) {
        actual.advanced(now);
        otherwise.advanced(now);
        return actual.accounts.values().stream()
                .map(account -> new Comparison(
                        account.period(),
                        actual.statement(account.period().index()),
                        otherwise.statement(account.period().index())))
                .toList();
    }

    /**
     * How many packs of one size would have had to be bought in each period to pay the overage that it needed, had there
     * been no others. What one leaves over serves the periods after it.
     */
    public static List<Long> packsNeeded(List<Statement> periods, Minutes size) {
        List<Long> packs = new ArrayList<>();
        Minutes spare = Minutes.ZERO;
        for (Statement period : periods) {
            Minutes missing = period.overageNeeded().lessAtMost(spare);
            long needed = Math.ceilDiv(missing.value(), size.value());
            spare = spare.plus(Minutes.of(Math.multiplyExact(needed, size.value())))
                    .minus(period.overageNeeded());
            packs.add(needed);
        }
        return packs;
    }

    private final class Side {
        private final long first;
        private final Map<Long, PeriodAccount> accounts = new TreeMap<>();
        private final Map<Long, Minutes> bought = new HashMap<>();
        private Open organization;

        Side(Open start) {
            this.organization = start;
            this.first = start.periods().current().period().index();
            note(start);
        }

        private void note(Open next) {
            organization = next;
            PeriodAccount previous = next.periods().previous();
            PeriodAccount current = next.periods().current();
            accounts.put(current.period().index(), current);
            if (previous != null && previous.period().index() >= first) {
                accounts.put(previous.period().index(), previous);
            }
        }

        void applied(OrganizationEvent event) {
            if (event instanceof OveragePurchased e) {
                bought(e.minutes());
            }
            note((Open) OrganizationDecider.evolve(organization, event));
        }

        void advanced(Instant at) {
            if (!organization.nextDueAt().isAfter(at)) {
                decider.due(organization, at)
                        .events()
                        .forEach(event -> note((Open) OrganizationDecider.evolve(organization, event)));
            }
        }

        void bought(Minutes minutes) {
            bought.merge(organization.periods().current().period().index(), minutes, Minutes::plus);
        }

        void used(long period, long minutes, Instant at) {
            note(OrganizationDecider.inHindsight(organization, period, minutes, at));
        }

        /** What is refused, such as the refund of a pack that would have been spent, does not happen. */
        void decided(OrganizationCommand command) {
            if (decider.decide(command, organization, Past.NOTHING) instanceof Accepted accepted) {
                note(accepted.organization());
            }
        }

        Statement statement(long period) {
            PeriodAccount account = accounts.get(period);
            if (account == null) {
                throw new IllegalStateException("period " + period + " did not happen");
            }
            return new Statement(
                    account.included(),
                    account.used(),
                    account.fromBase(),
                    account.overageUsed(),
                    account.uncovered(),
                    bought.getOrDefault(period, Minutes.ZERO));
        }
    }
}
