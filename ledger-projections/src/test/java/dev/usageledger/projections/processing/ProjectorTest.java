package dev.usageledger.projections.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.usage.OrganizationUsageQuery;
import dev.usageledger.projections.usage.OrganizationUsageRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProjectorTest extends ProjectionTest {
    private final OrganizationUsageQuery usage = new OrganizationUsageQuery(database);

    @Test
    void a_batch_delivered_twice_counts_once() {
        history.opens("acme", 100).records("acme", "t1", 60).corrects("acme", "c1", "t1", 50);
        deliver(history.events());
        deliver(history.events());

        assertThat(acme().usedMinutes()).isEqualTo(50);
        assertContainsEverything();
    }

    @Test
    void of_a_batch_that_was_delivered_in_part_only_the_rest_counts() {
        history.opens("acme", 100).records("acme", "t1", 60).records("acme", "t2", 10);
        deliver(history.events().subList(0, 2));
        deliver(history.events());

        assertThat(acme().usedMinutes()).isEqualTo(70);
    }

    @Test
    void another_node_goes_on_where_the_first_stopped_and_back_again() {
        Projector other = new Projector(LedgerPolicy.STANDARD);
        history.opens("acme", 100);
        project();
        history.records("acme", "t1", 60);
        inTransaction(connection -> other.apply(history.events(), connection));
        history.records("acme", "t2", 10);
        deliver(history.events());
        history.records("acme", "t3", 5);
        inTransaction(connection -> other.apply(history.events(), connection));

        assertThat(acme().usedMinutes()).isEqualTo(75);
    }

    @Test
    void a_batch_that_was_rolled_back_has_left_nothing_behind_in_memory_either() throws SQLException {
        Projector projector = new Projector(LedgerPolicy.STANDARD);
        history.opens("acme", 100);
        inTransaction(connection -> projector.apply(history.events(), connection));
        history.records("acme", "t1", 60);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            projector.apply(history.events(), connection);
            connection.rollback();
        }
        assertThat(acme().usedMinutes()).isZero();

        inTransaction(connection -> projector.apply(history.events(), connection));
        assertThat(acme().usedMinutes()).isEqualTo(60);
        assertContainsEverything();
    }

    @Test
    void a_missing_event_stops_everything_rather_than_be_passed_over() {
        history.opens("acme", 100).records("acme", "t1", 60).records("acme", "t2", 10);
        List<RecordedEvent> all = history.events();
        deliver(all.subList(0, 1));

        assertThatIllegalStateException()
                .isThrownBy(() -> deliver(all.subList(2, 3)))
                .withMessageContaining("event 2 of organization acme follows event 0: one is missing");
        assertThat(position()).isEqualTo(all.getFirst().position());
        assertThat(acme().usedMinutes()).isZero();
    }

    @Test
    void a_missing_row_stops_everything_rather_than_lose_a_change() throws SQLException {
        history.opens("acme", 100).records("acme", "t1", 60);
        project();
        execute("DELETE FROM reporting.transcriptions");
        history.corrects("acme", "c1", "t1", 50);

        assertThatIllegalStateException()
                .isThrownBy(this::project)
                .withMessageContaining("1 of 1 rows are not there to be changed by");
        assertThat(acme().usedMinutes()).isEqualTo(60);
    }

    @Test
    void a_start_with_the_same_definition_keeps_what_is_there() {
        history.opens("acme", 100);
        project();
        restart();

        assertContainsEverything();
        assertThat(acme().remainingMinutes()).isEqualTo(100);
    }

    @Test
    void a_start_with_another_definition_empties_every_table_and_begins_again() {
        history.opens("acme", 100)
                .adds("acme", "ann")
                .buys("acme", "p1", 10)
                .reserves("acme", "r1", 10)
                .records("acme", "t1", 60);
        project();
        Projector other = new Projector(new LedgerPolicy(Duration.ofHours(72), List.of(50), Duration.ofMinutes(5)));
        inTransaction(connection -> assertThat(other.prepare(connection))
                .hasValueSatisfying(held -> assertThat(held).contains("80, 90, 100")));

        assertThat(position()).isZero();
        for (String table : List.of(
                "organization_usage",
                "transcriptions",
                "billing_periods",
                "overage_packs",
                "reservations",
                "members")) {
            assertThat(count(table)).as(table).isZero();
        }
        inTransaction(connection -> other.apply(history.events(), connection));
        assertThat(acme().usedMinutes()).isEqualTo(60);
        assertContainsEverything();
    }

    @Test
    void a_node_with_the_former_definition_can_change_nothing_any_more() {
        history.opens("acme", 100);
        Projector other = new Projector(new LedgerPolicy(Duration.ofHours(72), List.of(50), Duration.ofMinutes(5)));
        inTransaction(other::prepare);

        assertThatIllegalStateException()
                .isThrownBy(() -> deliver(history.events()))
                .withMessage("the read models belong to another version of the service now");
        assertThat(usage.find(new OrganizationId("acme"))).isEmpty();
    }

    @Test
    void an_instant_beyond_what_a_timestamp_can_hold_stops_nothing() {
        history.opens("acme", 100).records("acme", "t1", 1, "-100000-01-01T00:00:00Z", null);
        history.buys("acme", "p1", 10, "+200000-01-01T00:00:00Z");
        project();

        assertThat(acme().usedMinutes()).isEqualTo(1);
        assertThat(select("SELECT occurred_at::text FROM reporting.transcriptions"))
                .isEqualTo("-infinity");
        assertThat(select("SELECT expires_at::text FROM reporting.overage_packs"))
                .isEqualTo("infinity");
    }

    @Test
    void commits_of_read_models_do_not_wait_for_the_disk_and_those_of_others_still_do() {
        history.opens("acme", 100);
        String[] during = {""};
        inTransaction(connection -> {
            new Projector(LedgerPolicy.STANDARD).apply(history.events(), connection);
            during[0] = select(connection, "SHOW synchronous_commit");
        });

        assertThat(during[0]).isEqualTo("off");
        assertThat(select("SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'"))
                .isEqualTo(select("SHOW synchronous_commit"));
    }

    private OrganizationUsageRow acme() {
        return usage.find(new OrganizationId("acme")).orElseThrow();
    }

    private long count(String table) {
        return Long.parseLong(select("SELECT count(*) FROM reporting." + table));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String select(String sql) {
        try (Connection connection = database.getConnection()) {
            return select(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String select(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
