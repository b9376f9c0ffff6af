package dev.usageledger.organization;

import dev.usageledger.organization.OrganizationEvent.*;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The ledger kept a second time, as an accountant would: every event entered under its sums, and not a rule asked. */
final class Books {
    private final Map<Long, Statement> statements = new TreeMap<>();
    private final Map<PurchaseId, Pack> packs = new HashMap<>();
    private final Map<ReservationId, Long> holds = new HashMap<>();
    private long current;

    /** One billing period. */
    static final class Statement {
        private final Map<TranscriptionId, Long> costs = new HashMap<>();

        private long included;
        long base;
        long overage;
        long uncovered;

        long used() {
            return costs.values().stream().mapToLong(Long::longValue).sum();
        }

        /** What the plan of the period includes; more than can be spent when it is unlimited. */
        long included() {
            return included;
        }

        private void on(Plan plan) {
            Minutes minutes = plan.includedMinutes();
            included = minutes == null ? Long.MAX_VALUE : minutes.value();
        }

        private void charge(Charge charge, int sign) {
            base += sign * charge.fromBase().value();
            overage += sign * charge.overage().value();
            uncovered += sign * charge.uncovered().value();
        }

        private void cover(Minutes minutes) {
            overage += minutes.value();
            uncovered -= minutes.value();
        }
    }

    /** One overage pack. */
    static final class Pack {
        long bought;
        long spent;
        long refunded;
        long expired;

        long unspent() {
            return bought - spent - refunded - expired;
        }
    }

    void enter(OrganizationEvent event) {
        switch (event) {
            case OrganizationOpened e -> open(e.period(), e.plan());
            case BillingPeriodRolled e -> open(e.opened(), e.plan());
            case PlanChanged e -> {
                statement().on(e.plan());
                statement().base += e.covered().value();
                statement().uncovered -= e.covered().value();
            }
            case TranscriptionRecorded e -> {
                Statement statement = statement(e.period());
                statement.costs.put(e.transcriptionId(), e.minutes().value());
                statement.charge(e.charge(), 1);
                spend(e.charge().fromOverage(), 1);
            }
            case TranscriptionCorrected e -> {
                Statement statement = statement(e.period());
                statement.costs.put(e.transcriptionId(), e.minutes().value());
                statement.charge(e.charged(), 1);
                statement.charge(e.givenBack(), -1);
                statement().cover(PackCharge.total(e.covered()));
                spend(e.charged().fromOverage(), 1);
                spend(e.givenBack().fromOverage(), -1);
                spend(e.covered(), 1);
                e.lapsed()
                        .forEach(lapsed -> pack(lapsed.purchaseId()).expired +=
                                lapsed.minutes().value());
            }
            case OveragePurchased e -> {
                pack(e.purchaseId()).bought += e.minutes().value();
                pack(e.purchaseId()).spent += e.covered().value();
                statement().cover(e.covered());
            }
            case OverageRefunded e ->
                pack(e.purchaseId()).refunded += e.minutes().value();
            case OveragePackExpired e ->
                pack(e.purchaseId()).expired += e.minutes().value();
            case MinutesReserved e -> holds.put(e.reservationId(), e.minutes().value());
            case ReservationReleased e -> holds.remove(e.reservationId());
            case ReservationSettled e -> holds.remove(e.reservationId());
            case ReservationExpired e -> holds.remove(e.reservationId());
            case PlanChangeScheduled e -> {}
            case MemberAdded e -> {}
            case MemberRemoved e -> {}
            case ThresholdReached e -> {}
        }
    }

    /** Of the period that is running. */
    Statement statement() {
        return statement(current);
    }

    Statement statement(long period) {
        return statements.computeIfAbsent(period, index -> new Statement());
    }

    Collection<Statement> statements() {
        return statements.values();
    }

    long bought() {
        return packs.values().stream().mapToLong(pack -> pack.bought).sum();
    }

    long spent() {
        return packs.values().stream().mapToLong(pack -> pack.spent).sum();
    }

    long unspent() {
        return packs.values().stream().mapToLong(Pack::unspent).sum();
    }

    long current() {
        return current;
    }

    Map<PurchaseId, Pack> packs() {
        return packs;
    }

    long held() {
        return holds.values().stream().mapToLong(Long::longValue).sum();
    }

    private void open(BillingPeriod period, Plan plan) {
        current = period.index();
        statement().on(plan);
    }

    private Pack pack(PurchaseId purchaseId) {
        return packs.computeIfAbsent(purchaseId, id -> new Pack());
    }

    private void spend(Iterable<PackCharge> charges, int sign) {
        charges.forEach(charge ->
                pack(charge.purchaseId()).spent += sign * charge.minutes().value());
    }
}
