package dev.usageledger.projections.periods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.Plan.Limit;
import dev.usageledger.projections.periods.BillingPeriodRow.Status;
import dev.usageledger.projections.processing.ProjectionTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class BillingPeriodsTest extends ProjectionTest {
    private final BillingPeriodQuery query = new BillingPeriodQuery(database);

    @Test
    void the_first_statement_opens_with_the_organization() {
        history.opens("acme", 100);
        project();

        BillingPeriodRow first = statement(0);
        assertThat(first.status()).isEqualTo(Status.OPEN);
        assertThat(first.periodStart()).isEqualTo("2026-01-31T00:00:00Z");
        assertThat(first.periodEnd()).isEqualTo("2026-02-28T00:00:00Z");
        assertThat(first.includedMinutes()).isEqualTo(100);
        assertThat(first.usedMinutes()).isZero();
        assertThat(first.lapsedMinutes()).isNull();
        assertThat(first.openedAt()).isEqualTo(history.now());
        assertThat(first.closedAt()).isNull();
    }

    @Test
    void a_statement_tells_what_paid_for_its_usage() {
        history.opens("acme", 100).buys("acme", "p1", 50).records("acme", "t1", 170);
        project();

        BillingPeriodRow first = statement(0);
        assertThat(first.usedMinutes()).isEqualTo(170);
        assertThat(first.baseMinutes()).isEqualTo(100);
        assertThat(first.overageMinutes()).isEqualTo(50);
        assertThat(first.uncoveredMinutes()).isEqualTo(20);
    }

    @Test
    void a_pack_that_covers_uncovered_usage_moves_it_within_the_statement() {
        history.opens("acme", 100).records("acme", "t1", 130).buys("acme", "p1", 50);
        project();

        assertThat(statement(0).overageMinutes()).isEqualTo(30);
        assertThat(statement(0).uncoveredMinutes()).isZero();
        assertThat(statement(0).usedMinutes()).isEqualTo(130);
    }

    @Test
    void a_roll_closes_one_statement_and_opens_the_next() {
        history.opens("acme", 100).records("acme", "t1", 60);
        project();
        history.at("2026-02-28T00:05:00Z").rolls("acme");
        project();

        assertThat(statement(0).status()).isEqualTo(Status.CLOSED);
        assertThat(statement(0).lapsedMinutes()).isEqualTo(40);
        assertThat(statement(0).closedAt()).isEqualTo("2026-02-28T00:05:00Z");
        assertThat(statement(0).amendedAt()).isNull();
        assertThat(statement(1).status()).isEqualTo(Status.OPEN);
        assertThat(statement(1).openedAt()).isEqualTo("2026-02-28T00:05:00Z");
        assertThat(statement(1).usedMinutes()).isZero();
    }

    @Test
    void every_period_that_passes_has_its_statement_also_when_nothing_happened() {
        history.opens("acme", 100).at("2026-06-01T00:00:00Z").rolls("acme");
        project();

        assertThat(statements()).extracting(BillingPeriodRow::periodIndex).containsExactly(4L, 3L, 2L, 1L, 0L);
        assertThat(statements()).filteredOn(row -> row.status() == Status.OPEN).hasSize(1);
        assertThat(statement(2).lapsedMinutes()).isEqualTo(100);
    }

    @Test
    void late_usage_amends_the_closed_statement_and_not_the_open_one() {
        history.opens("acme", 100).records("acme", "t1", 60);
        history.at("2026-03-01T00:00:00Z").rolls("acme");
        project();
        history.at("2026-03-01T01:00:00Z").records("acme", "t2", 30, "2026-02-27T23:50:00Z", null);
        project();

        assertThat(statement(0).usedMinutes()).isEqualTo(90);
        assertThat(statement(0).lateMinutes()).isEqualTo(30);
        assertThat(statement(0).lapsedMinutes()).isEqualTo(10);
        assertThat(statement(0).amendedAt()).isEqualTo("2026-03-01T01:00:00Z");
        assertThat(statement(0).closedAt()).isEqualTo("2026-03-01T00:00:00Z");
        assertThat(statement(1).usedMinutes()).isZero();
        assertThat(statement(1).earlierMinutes()).isZero();
    }

    @Test
    void usage_too_late_for_its_statement_is_marked_on_the_one_that_counts_it() {
        history.opens("acme", 100).at("2026-03-10T00:00:00Z");
        history.records("acme", "t1", 30, "2026-02-27T23:50:00Z", null);
        project();

        assertThat(statement(0).usedMinutes()).isZero();
        assertThat(statement(1).usedMinutes()).isEqualTo(30);
        assertThat(statement(1).earlierMinutes()).isEqualTo(30);
        assertThat(statement(1).lateMinutes()).isZero();
    }

    @Test
    void corrections_are_counted_with_what_they_changed() {
        history.opens("acme", 100).records("acme", "t1", 60).records("acme", "t2", 10);
        history.corrects("acme", "c1", "t1", 50);
        project();
        history.corrects("acme", "c2", "t2", 15);
        project();

        assertThat(statement(0).usedMinutes()).isEqualTo(65);
        assertThat(statement(0).corrections()).isEqualTo(2);
        assertThat(statement(0).correctedMinutes()).isEqualTo(-5);
        assertThat(statement(0).amendedAt()).isNull();
    }

    @Test
    void a_correction_after_the_close_amends_the_statement() {
        history.opens("acme", 100).records("acme", "t1", 60);
        history.at("2026-03-01T00:00:00Z").corrects("acme", "c1", "t1", 0);
        project();

        assertThat(statement(0).usedMinutes()).isZero();
        assertThat(statement(0).lapsedMinutes()).isEqualTo(100);
        assertThat(statement(0).corrections()).isEqualTo(1);
        assertThat(statement(0).amendedAt()).isEqualTo("2026-03-01T00:00:00Z");
        assertThat(statement(1).corrections()).isZero();
    }

    @Test
    void a_closed_statement_keeps_the_plan_it_was_closed_under() {
        Plan bigger = new Plan("business", Minutes.of(500), Limit.HARD);
        history.opens("acme", 100).changesPlan("acme", "c1", bigger, Effective.NEXT_PERIOD);
        project();
        history.at("2026-03-01T00:00:00Z").records("acme", "t1", 30, "2026-02-27T23:50:00Z", null);
        projectOneByOne();

        assertThat(statement(0).planCode()).isEqualTo("team");
        assertThat(statement(0).includedMinutes()).isEqualTo(100);
        assertThat(statement(1).planCode()).isEqualTo("business");
        assertThat(statement(1).includedMinutes()).isEqualTo(500);
    }

    @Test
    void a_plan_that_changes_within_a_period_is_the_statement_s_plan() {
        history.opens("acme", 100).records("acme", "t1", 120);
        project();
        history.changesPlan("acme", "c1", new Plan("business", Minutes.of(500), Limit.HARD), Effective.NOW);
        project();

        assertThat(statement(0).planCode()).isEqualTo("business");
        assertThat(statement(0).includedMinutes()).isEqualTo(500);
        assertThat(statement(0).baseMinutes()).isEqualTo(120);
        assertThat(statement(0).uncoveredMinutes()).isZero();
    }

    @Test
    void nothing_lapses_under_an_unlimited_plan() {
        history.opens("acme", new Plan("all-in", null, Limit.SOFT))
                .at("2026-03-01T00:00:00Z")
                .rolls("acme");
        project();

        assertThat(statement(0).includedMinutes()).isNull();
        assertThat(statement(0).lapsedMinutes()).isZero();
    }

    @Test
    void statements_come_newest_first_and_page_by_page() {
        history.opens("acme", 100).at("2026-06-01T00:00:00Z").rolls("acme");
        project();

        var first = query.newestFirst(new OrganizationId("acme"), null, 3);
        var second = query.newestFirst(new OrganizationId("acme"), first.next(), 3);
        assertThat(first.items()).extracting(BillingPeriodRow::periodIndex).containsExactly(4L, 3L, 2L);
        assertThat(second.items()).extracting(BillingPeriodRow::periodIndex).containsExactly(1L, 0L);
        assertThat(second.next()).isNull();
    }

    private BillingPeriodRow statement(long index) {
        return statements().stream()
                .filter(row -> row.periodIndex() == index)
                .findFirst()
                .orElseThrow();
    }

    private List<BillingPeriodRow> statements() {
        return query.newestFirst(new OrganizationId("acme"), null, 100).items();
    }
}
