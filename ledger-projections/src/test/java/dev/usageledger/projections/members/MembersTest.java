package dev.usageledger.projections.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.Page;
import dev.usageledger.projections.processing.ProjectionTest;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class MembersTest extends ProjectionTest {
    private final MemberQuery query = new MemberQuery(database);

    @Test
    void members_come_with_the_moment_they_were_added_newest_first() {
        history.opens("acme", 100)
                .adds("acme", "ann")
                .at("2026-02-01T00:00:00Z")
                .adds("acme", "bob");
        project();

        assertThat(members().items())
                .extracting(MemberRow::userId, MemberRow::since)
                .containsExactly(
                        tuple("bob", Instant.parse("2026-02-01T00:00:00Z")),
                        tuple("ann", Instant.parse("2026-01-31T00:00:00Z")));
    }

    @Test
    void who_was_removed_is_no_member_but_stays_on_record() throws SQLException {
        history.opens("acme", 100).adds("acme", "ann");
        project();
        history.at("2026-02-01T00:00:00Z").removes("acme", "ann");
        project();

        assertThat(members().items()).isEmpty();
        assertThat(query.organizationsOf(new UserId("ann"), 10)).isEmpty();
        try (var connection = database.getConnection();
                var row = connection.createStatement().executeQuery("SELECT removed_at FROM reporting.members")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getObject("removed_at", OffsetDateTime.class)).isEqualTo("2026-02-01T00:00:00Z");
        }
    }

    @Test
    void who_is_added_again_is_a_member_since_then() {
        history.opens("acme", 100).adds("acme", "ann").removes("acme", "ann");
        history.at("2026-02-01T00:00:00Z").adds("acme", "ann");
        project();

        assertThat(members().items())
                .singleElement()
                .satisfies(ann -> assertThat(ann.since()).isEqualTo("2026-02-01T00:00:00Z"));
    }

    @Test
    void who_is_added_again_later_is_a_member_since_then() {
        history.opens("acme", 100).adds("acme", "ann").removes("acme", "ann");
        project();
        history.at("2026-02-01T00:00:00Z").adds("acme", "ann");
        project();

        assertThat(query.organizationsOf(new UserId("ann"), 10)).containsExactly(new OrganizationId("acme"));
        assertThat(members().items())
                .singleElement()
                .satisfies(ann -> assertThat(ann.since()).isEqualTo("2026-02-01T00:00:00Z"));
    }

    @Test
    void a_person_may_belong_to_several_organizations() {
        history.opens("b", 100).opens("a", 100).opens("c", 100);
        history.adds("b", "ann").adds("a", "ann").adds("c", "bob");
        project();

        assertThat(query.organizationsOf(new UserId("ann"), 10))
                .containsExactly(new OrganizationId("a"), new OrganizationId("b"));
        assertThat(query.organizationsOf(new UserId("ann"), 1)).hasSize(1);
        assertThat(query.organizationsOf(new UserId("nobody"), 10)).isEmpty();
    }

    private Page<MemberRow> members() {
        return query.newestFirst(new OrganizationId("acme"), null, 100);
    }
}
