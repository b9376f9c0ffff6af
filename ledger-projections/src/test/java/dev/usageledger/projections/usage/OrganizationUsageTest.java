package dev.usageledger.projections.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.Balance.Status;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.Plan.Limit;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.InvalidCursorException;
import dev.usageledger.projections.Page;
import dev.usageledger.projections.processing.ProjectionTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrganizationUsageTest extends ProjectionTest {
    private final OrganizationUsageQuery query = new OrganizationUsageQuery(database);

    @Test
    void an_organization_that_has_just_opened_has_all_its_base() {
        history.opens("acme", 100);
        project();

        OrganizationUsageRow acme = row("acme");
        assertThat(acme.name()).isEqualTo("The acme");
        assertThat(acme.status()).isEqualTo(Status.OK);
        assertThat(acme.planCode()).isEqualTo("team");
        assertThat(acme.planLimit()).isEqualTo(Limit.HARD);
        assertThat(acme.planIncludedMinutes()).isEqualTo(100);
        assertThat(acme.zone()).isEqualTo("UTC");
        assertThat(acme.periodAnchor()).isEqualTo("2026-01-31T00:00");
        assertThat(acme.periodStart()).isEqualTo("2026-01-31T00:00:00Z");
        assertThat(acme.periodEnd()).isEqualTo("2026-02-28T00:00:00Z");
        assertThat(acme.usedMinutes()).isZero();
        assertThat(acme.remainingMinutes()).isEqualTo(100);
        assertThat(acme.capacityMinutes()).isEqualTo(100);
        assertThat(acme.openedAt()).isEqualTo(history.now());
        assertThat(acme.lastSequence()).isZero();
    }

    @Test
    void used_held_overage_and_uncovered_minutes_are_told_apart() {
        history.opens("acme", 100).buys("acme", "p1", 50).reserves("acme", "r1", 30);
        history.records("acme", "t1", 120);
        project();

        OrganizationUsageRow acme = row("acme");
        assertThat(acme.usedMinutes()).isEqualTo(120);
        assertThat(acme.baseUsedMinutes()).isEqualTo(100);
        assertThat(acme.overageUsedMinutes()).isEqualTo(20);
        assertThat(acme.overageRemainingMinutes()).isEqualTo(30);
        assertThat(acme.heldMinutes()).isEqualTo(30);
        assertThat(acme.remainingMinutes()).isZero();
        assertThat(acme.capacityMinutes()).isEqualTo(150);
        assertThat(acme.usedShare()).isEqualTo(0.8);
        assertThat(acme.status()).isEqualTo(Status.EXHAUSTED);

        history.records("acme", "t2", 40);
        project();
        assertThat(row("acme").uncoveredMinutes()).isEqualTo(10);
    }

    @Test
    void a_new_period_starts_from_nothing_used_and_keeps_overage() {
        history.opens("acme", 100).buys("acme", "p1", 50).records("acme", "t1", 110);
        history.at("2026-03-01T00:00:00Z").rolls("acme");
        project();

        OrganizationUsageRow acme = row("acme");
        assertThat(acme.usedMinutes()).isZero();
        assertThat(acme.baseRemainingMinutes()).isEqualTo(100);
        assertThat(acme.overageRemainingMinutes()).isEqualTo(40);
        assertThat(acme.periodStart()).isEqualTo("2026-02-28T00:00:00Z");
        assertThat(acme.updatedAt()).isEqualTo("2026-03-01T00:00:00Z");
    }

    @Test
    void an_unlimited_plan_has_no_remaining_and_no_share() {
        history.opens("acme", new Plan("all-in", null, Limit.SOFT)).records("acme", "t1", 500);
        project();

        OrganizationUsageRow acme = row("acme");
        assertThat(acme.status()).isEqualTo(Status.UNLIMITED);
        assertThat(acme.planIncludedMinutes()).isNull();
        assertThat(acme.remainingMinutes()).isNull();
        assertThat(acme.capacityMinutes()).isNull();
        assertThat(acme.usedShare()).isNull();
        assertThat(acme.usedMinutes()).isEqualTo(500);
    }

    @Test
    void usage_without_any_capacity_counts_as_all_of_it() {
        history.opens("empty", 0).opens("used", 0).records("used", "t1", 5);
        project();

        assertThat(row("empty").usedShare()).isZero();
        assertThat(row("used").usedShare()).isEqualTo(1);
    }

    @Test
    void a_plan_that_waits_is_shown_until_it_is_in_force() {
        Plan bigger = new Plan("business", Minutes.of(500), Limit.SOFT);
        history.opens("acme", 100).changesPlan("acme", "c1", bigger, Effective.NEXT_PERIOD);
        project();
        assertThat(row("acme").planCode()).isEqualTo("team");
        assertThat(row("acme").nextPlanCode()).isEqualTo("business");

        history.at("2026-03-01T00:00:00Z").rolls("acme");
        project();
        assertThat(row("acme").planCode()).isEqualTo("business");
        assertThat(row("acme").nextPlanCode()).isNull();
        assertThat(row("acme").planLimit()).isEqualTo(Limit.SOFT);
    }

    @Test
    void the_next_thing_due_is_the_earliest_of_hold_pack_and_period() {
        history.opens("acme", 100);
        project();
        assertThat(row("acme").nextDueAt()).isEqualTo("2026-02-28T00:00:00Z");

        history.buys("acme", "p1", 50, "2026-02-10T00:00:00Z");
        project();
        assertThat(row("acme").nextDueAt()).isEqualTo("2026-02-10T00:00:00Z");

        history.reserves("acme", "r1", 10);
        project();
        assertThat(row("acme").nextDueAt()).isEqualTo("2026-01-31T02:00:00Z");
    }

    @Test
    void due_organizations_come_longest_due_first_and_page_by_page() {
        history.opens("later", 100).opens("sooner", 100).opens("never", 100);
        history.buys("later", "p1", 1, "2026-02-11T00:00:00Z").buys("sooner", "p1", 1, "2026-02-10T00:00:00Z");
        project();

        Instant by = Instant.parse("2026-02-11T00:00:00Z");
        List<DueOrganization> first = query.due(by, null, 1);
        List<DueOrganization> second = query.due(by, first.getFirst(), 1);

        assertThat(first).extracting(due -> due.organizationId().value()).containsExactly("sooner");
        assertThat(second).extracting(due -> due.organizationId().value()).containsExactly("later");
        assertThat(query.due(by, second.getFirst(), 1)).isEmpty();
        assertThat(query.due(by.minusSeconds(1), null, 10)).hasSize(1);
    }

    @Test
    void members_are_counted() {
        history.opens("acme", 100).adds("acme", "ann").adds("acme", "bob").removes("acme", "ann");
        project();

        assertThat(row("acme").members()).isEqualTo(1);
    }

    @Test
    void an_unknown_organization_has_no_row() {
        assertThat(query.find(new OrganizationId("nobody"))).isEmpty();
    }

    // --- lists

    @Test
    void lists_come_newest_first_unless_asked_otherwise() {
        world();

        assertThat(ids(OrganizationFilter.ALL, OrganizationOrder.NEWEST))
                .containsExactly("free", "half", "spent", "fresh");
        assertThat(ids(OrganizationFilter.ALL, OrganizationOrder.LEAST_REMAINING))
                .containsExactly("spent", "half", "fresh", "free");
        assertThat(ids(OrganizationFilter.ALL, OrganizationOrder.MOST_USED))
                .containsExactly("spent", "half", "fresh", "free");
    }

    @Test
    void a_list_cut_into_pages_is_the_same_list() {
        world();
        history.opens("fresh2", 100).opens("fresh3", 100);
        project();

        for (OrganizationOrder order : OrganizationOrder.values()) {
            List<String> whole = ids(OrganizationFilter.ALL, order);
            List<String> inPages = new ArrayList<>();
            @Nullable String next = null;
            do {
                Page<OrganizationUsageRow> page = query.list(OrganizationFilter.ALL, order, next, 1);
                page.items().forEach(row -> inPages.add(row.organizationId()));
                next = page.next();
            } while (next != null);
            assertThat(inPages).as(order.name()).isEqualTo(whole).hasSize(6);
        }
    }

    @Test
    void lists_are_filtered_by_part_of_the_name_status_and_member() {
        world();
        history.adds("half", "ann").adds("spent", "ann").removes("spent", "ann");
        project();

        assertThat(filtered(new OrganizationFilter("E F", null, null))).containsExactly("free", "fresh");
        assertThat(filtered(new OrganizationFilter("100%", null, null))).isEmpty();
        assertThat(filtered(new OrganizationFilter(null, Status.EXHAUSTED, null)))
                .containsExactly("spent");
        assertThat(filtered(new OrganizationFilter(null, null, new UserId("ann"))))
                .containsExactly("half");
        assertThat(filtered(new OrganizationFilter("half", Status.OK, new UserId("ann"))))
                .containsExactly("half");
        assertThat(filtered(new OrganizationFilter("half", Status.LOW, new UserId("ann"))))
                .isEmpty();
    }

    @Test
    void a_cursor_is_good_for_its_own_list_only() {
        world();
        String next = query.list(OrganizationFilter.ALL, OrganizationOrder.NEWEST, null, 1)
                .next();

        for (String cursor : List.of(String.valueOf(next), "", "%%%", "b3JnYW5pemF0aW9ucy1sZWFzdC1yZW1haW5pbmcKeAp5")) {
            Assertions.assertThatExceptionOfType(InvalidCursorException.class)
                    .as(cursor)
                    .isThrownBy(() -> query.list(OrganizationFilter.ALL, OrganizationOrder.LEAST_REMAINING, cursor, 1));
        }
    }

    @Test
    void a_page_has_bounds() {
        Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> query.list(OrganizationFilter.ALL, OrganizationOrder.NEWEST, null, 0));
        Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> query.list(OrganizationFilter.ALL, OrganizationOrder.NEWEST, null, 1_001));
    }

    private void world() {
        history.opens("fresh", 100)
                .opens("spent", 100)
                .opens("half", 100)
                .opens("free", new Plan("all-in", null, Limit.SOFT))
                .records("spent", "t1", 100)
                .records("half", "t1", 50);
        project();
    }

    private List<String> filtered(OrganizationFilter filter) {
        return ids(filter, OrganizationOrder.NEWEST);
    }

    private List<String> ids(OrganizationFilter filter, OrganizationOrder order) {
        return query.list(filter, order, null, 100).items().stream()
                .map(OrganizationUsageRow::organizationId)
                .toList();
    }

    private OrganizationUsageRow row(String id) {
        return query.find(new OrganizationId(id)).orElseThrow();
    }
}
