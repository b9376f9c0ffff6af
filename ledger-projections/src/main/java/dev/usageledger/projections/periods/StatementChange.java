package dev.usageledger.projections.periods;

import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.PeriodAccount;
import dev.usageledger.organization.Periods;
import dev.usageledger.projections.Step;
import dev.usageledger.projections.periods.BillingPeriodRow.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What steps make of one statement: how its account stands after them, and what they add to its counts.
 *
 * @param extent how much of the row they change
 * @param openedAt when the first of the steps opened the statement; {@code null} when it was there before
 * @param account the numbers of the statement as the domain has them
 * @param planCode the plan in force, of no account for a period that had been closed before
 */
record StatementChange(
        String organizationId,
        Extent extent,
        @Nullable Instant openedAt,
        PeriodAccount account,
        String planCode,
        Status status,
        @Nullable Instant closedAt,
        @Nullable Instant amendedAt,
        long lateMinutes,
        long earlierMinutes,
        long corrections,
        long correctedMinutes) {
    /** How much of a statement's row changes. */
    enum Extent {
        /** What was charged, and nothing else: what almost every step does. */
        CHARGES,
        ANYTHING,
        /** All of it: it is opened. */
        NEW;

        Extent then(Extent later) {
            return compareTo(later) < 0 ? later : this;
        }
    }

    /** The statements that a step changes: none, the current period's, the one's just closed, or both. */
    static List<StatementChange> of(Step step) {
        Periods before = step.before() instanceof Open open ? open.periods() : null;
        Periods after = step.after().periods();
        PeriodAccount closed = after.previous();
        List<StatementChange> changes = new ArrayList<>(2);
        // Accounts are immutable, so one that is still the same object has not changed.
        if (closed != null && before != null && closed != before.previous()) {
            boolean isRoll = step.event() instanceof BillingPeriodRolled;
            changes.add(isRoll ? closed(step, closed, before.plan().code()) : amended(step, closed));
        }
        if (before == null || step.event() instanceof BillingPeriodRolled) {
            changes.add(open(step, Extent.NEW, after));
        } else if (after.current() != before.current()) {
            boolean isCharge = step.event() instanceof TranscriptionRecorded e && e.counted() == Counted.CURRENT_PERIOD;
            changes.add(open(step, isCharge ? Extent.CHARGES : Extent.ANYTHING, after));
        }
        return changes;
    }

    private static StatementChange open(Step step, Extent extent, Periods periods) {
        Instant openedAt = extent == Extent.NEW ? step.recordedAt() : null;
        return change(step, extent, openedAt, periods.current(), periods.plan().code(), Status.OPEN, null, null);
    }

    private static StatementChange closed(Step step, PeriodAccount account, String planCode) {
        return change(step, Extent.ANYTHING, null, account, planCode, Status.CLOSED, step.recordedAt(), null);
    }

    private static StatementChange amended(Step step, PeriodAccount account) {
        String planCode = step.after().periods().plan().code();
        return change(step, Extent.ANYTHING, null, account, planCode, Status.CLOSED, null, step.recordedAt());
    }

    private static StatementChange change(
            Step step,
            Extent extent,
            @Nullable Instant openedAt,
            PeriodAccount account,
            String planCode,
            Status status,
            @Nullable Instant closedAt,
            @Nullable Instant amendedAt) {
        Counts counts = Counts.of(step, account.period().index());
        return new StatementChange(
                step.organizationId().value(),
                extent,
                openedAt,
                account,
                planCode,
                status,
                closedAt,
                amendedAt,
                counts.late(),
                counts.earlier(),
                counts.corrections(),
                counts.corrected());
    }

    /** This change and a later one of the same statement as one. */
    StatementChange then(StatementChange later) {
        return new StatementChange(
                organizationId,
                extent.then(later.extent),
                openedAt,
                later.account,
                status == Status.OPEN ? later.planCode : planCode,
                later.status,
                later.closedAt == null ? closedAt : later.closedAt,
                later.amendedAt == null ? amendedAt : later.amendedAt,
                lateMinutes + later.lateMinutes,
                earlierMinutes + later.earlierMinutes,
                corrections + later.corrections,
                correctedMinutes + later.correctedMinutes);
    }

    @Nullable
    Long includedMinutes() {
        Minutes included = account.included();
        return included == null ? null : included.value();
    }

    /** An unlimited plan has no minutes that could lapse. */
    @Nullable
    Long lapsedMinutes() {
        Minutes left = account.baseRemaining();
        return status == Status.OPEN ? null : Long.valueOf(left == null ? 0 : left.value());
    }

    private record Counts(long late, long earlier, long corrections, long corrected) {
        private static final Counts NONE = new Counts(0, 0, 0, 0);

        /** What a step adds to the counts of the period with this index. */
        static Counts of(Step step, long index) {
            return switch (step.event()) {
                case TranscriptionRecorded e when e.period() == index -> of(e.counted(), e.minutes());
                case TranscriptionCorrected e
                when e.period() == index ->
                    new Counts(0, 0, 1, e.minutes().value() - e.before().value());
                default -> NONE;
            };
        }

        private static Counts of(Counted counted, Minutes minutes) {
            return switch (counted) {
                case CURRENT_PERIOD -> NONE;
                case CLOSED_PERIOD -> new Counts(minutes.value(), 0, 0, 0);
                case LATE_IN_CURRENT_PERIOD -> new Counts(0, minutes.value(), 0, 0);
            };
        }
    }
}
