package dev.usageledger.projections.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.processing.ProjectionTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class OveragePacksTest extends ProjectionTest {
    private final OveragePackQuery query = new OveragePackQuery(database);

    @Test
    void a_pack_that_was_bought_is_all_there() {
        history.opens("acme", 100).buys("acme", "p1", 50, "2026-06-01T00:00:00Z");
        project();

        OveragePackRow p1 = pack("p1");
        assertThat(p1.boughtMinutes()).isEqualTo(50);
        assertPlaces("p1", 0, 0, 0, 50);
        assertThat(p1.expiresAt()).isEqualTo("2026-06-01T00:00:00Z");
        assertThat(p1.priceAmount()).isEqualByComparingTo("9.90");
        assertThat(p1.priceCurrency()).isEqualTo("EUR");
        assertThat(p1.purchasedAt()).isEqualTo(history.now());
    }

    @Test
    void each_minute_is_in_one_of_four_places() {
        history.opens("acme", 0).buys("acme", "p1", 50, "2026-02-10T00:00:00Z");
        project();
        history.records("acme", "t1", 20);
        project();
        assertPlaces("p1", 20, 0, 0, 30);

        history.refunds("acme", "f1", "p1", 5);
        project();
        assertPlaces("p1", 20, 5, 0, 25);

        history.at("2026-02-10T00:00:00Z").rolls("acme");
        project();
        assertPlaces("p1", 20, 5, 25, 0);
        assertThat(pack("p1").updatedAt()).isEqualTo("2026-02-10T00:00:00Z");
    }

    @Test
    void a_pack_bought_and_spent_in_one_batch_is_written_as_it_ends_up() {
        history.opens("acme", 0).buys("acme", "p1", 50).records("acme", "t1", 50);
        project();

        assertPlaces("p1", 50, 0, 0, 0);
    }

    @Test
    void a_pack_that_covers_uncovered_usage_is_spent_at_once() {
        history.opens("acme", 0).records("acme", "t1", 15).buys("acme", "p1", 40);
        project();

        assertPlaces("p1", 15, 0, 0, 25);
    }

    @Test
    void what_a_correction_gives_back_to_an_expired_pack_lapses_with_it() {
        history.opens("acme", 0).buys("acme", "p1", 50, "2026-02-10T00:00:00Z").records("acme", "t1", 20);
        project();
        history.at("2026-02-11T00:00:00Z").corrects("acme", "c1", "t1", 5);
        project();

        assertPlaces("p1", 5, 0, 45, 0);
    }

    @Test
    void a_used_up_pack_keeps_its_row_when_the_organization_has_forgotten_it() {
        history.opens("acme", 0).buys("acme", "p1", 50).records("acme", "t1", 50);
        history.at("2026-05-01T00:00:00Z").buys("acme", "p2", 10);
        project();

        assertThat(history.organization("acme").overage().packs()).hasSize(1);
        assertPlaces("p1", 50, 0, 0, 0);
        assertPlaces("p2", 0, 0, 0, 10);
    }

    @Test
    void packs_come_newest_first_and_page_by_page() {
        history.opens("acme", 0).buys("acme", "p1", 1).buys("acme", "p2", 1).buys("acme", "p3", 1);
        project();

        var first = query.newestFirst(new OrganizationId("acme"), null, 2);
        var second = query.newestFirst(new OrganizationId("acme"), first.next(), 2);
        assertThat(first.items()).extracting(OveragePackRow::purchaseId).containsExactly("p3", "p2");
        assertThat(second.items()).extracting(OveragePackRow::purchaseId).containsExactly("p1");
    }

    private void assertPlaces(String id, long spent, long refunded, long expired, long remaining) {
        OveragePackRow pack = pack(id);
        assertThat(List.of(pack.spentMinutes(), pack.refundedMinutes(), pack.expiredMinutes(), pack.remainingMinutes()))
                .containsExactly(spent, refunded, expired, remaining);
    }

    private OveragePackRow pack(String id) {
        return query.newestFirst(new OrganizationId("acme"), null, 100).items().stream()
                .filter(row -> row.purchaseId().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
