package dev.usageledger.api.http.whatif;

import dev.usageledger.api.http.answer.PeriodView;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PeriodCalendar;
import dev.usageledger.organization.WhatIf;
import dev.usageledger.organization.WhatIf.Comparison;
import dev.usageledger.organization.WhatIf.Statement;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Periods as they were and as they would have been.
 *
 * @param plan the code that was asked for; {@code null} where the plans stay as they were
 * @param includedMinutes {@code null} for an unlimited plan, and where the plans stay as they were
 * @param packMinutes {@code null} where packs stay as they were
 * @param asOf up to when
 */
record WhatIfView(
        OrganizationId organizationId,
        @Nullable String plan,
        @Nullable Minutes includedMinutes,
        @Nullable Minutes packMinutes,
        Instant asOf,
        List<PeriodComparison> periods,
        SideBySide totals) {
    /** @param packsNeeded of {@code packMinutes}; {@code null} where packs stay as they were */
    record PeriodComparison(
            PeriodView period,
            StatementView actual,
            StatementView whatIf,
            @Nullable Long packsNeeded) {}

    record SideBySide(TotalsView actual, TotalsView whatIf) {}

    record StatementView(
            @Nullable Minutes includedMinutes,
            Minutes usedMinutes,
            Minutes baseMinutes,
            Minutes overageMinutes,
            Minutes uncoveredMinutes,
            Minutes overageNeededMinutes,
            Minutes boughtMinutes) {
        static StatementView of(Statement statement) {
            return new StatementView(
                    statement.included(),
                    statement.used(),
                    statement.fromBase(),
                    statement.fromOverage(),
                    statement.uncovered(),
                    statement.overageNeeded(),
                    statement.bought());
        }
    }

    record TotalsView(
            Minutes usedMinutes,
            Minutes baseMinutes,
            Minutes overageMinutes,
            Minutes uncoveredMinutes,
            Minutes overageNeededMinutes,
            Minutes boughtMinutes) {
        static TotalsView of(List<Statement> statements) {
            Minutes used = Minutes.ZERO;
            Minutes base = Minutes.ZERO;
            Minutes overage = Minutes.ZERO;
            Minutes uncovered = Minutes.ZERO;
            Minutes bought = Minutes.ZERO;
            for (Statement statement : statements) {
                used = used.plus(statement.used());
                base = base.plus(statement.fromBase());
                overage = overage.plus(statement.fromOverage());
                uncovered = uncovered.plus(statement.uncovered());
                bought = bought.plus(statement.bought());
            }
            return new TotalsView(used, base, overage, uncovered, overage.plus(uncovered), bought);
        }
    }

    static WhatIfView of(
            OrganizationId organizationId,
            WhatIf.Alternative alternative,
            Instant asOf,
            List<Comparison> periods,
            PeriodCalendar calendar) {
        List<Statement> otherwise = periods.stream().map(Comparison::otherwise).toList();
        List<Long> packs = alternative.packMinutes() == null
                ? List.of()
                : WhatIf.packsNeeded(otherwise, alternative.packMinutes());
        return new WhatIfView(
                organizationId,
                alternative.plan() == null ? null : alternative.plan().code(),
                alternative.plan() == null ? null : alternative.plan().includedMinutes(),
                alternative.packMinutes(),
                asOf,
                IntStream.range(0, periods.size())
                        .mapToObj(i -> new PeriodComparison(
                                PeriodView.of(periods.get(i).period(), calendar),
                                StatementView.of(periods.get(i).actual()),
                                StatementView.of(periods.get(i).otherwise()),
                                packs.isEmpty() ? null : packs.get(i)))
                        .toList(),
                new SideBySide(
                        TotalsView.of(periods.stream().map(Comparison::actual).toList()), TotalsView.of(otherwise)));
    }
}
