package dev.usageledger.projections.processing;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.Answer;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.projections.usage.OrganizationUsageQuery;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A crash of the database takes back what the read models committed last. Here that is done to them behind their back,
 * as when a pool has replaced all connections before anybody used one.
 */
class LostCommitTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final HikariDataSource database = TestDatabase.create();
    private final Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD);
    private final ReadModels readModels = new ReadModels(ledger, LedgerPolicy.STANDARD);
    private final OrganizationUsageQuery usage = new OrganizationUsageQuery(database);

    @BeforeEach
    void start() {
        readModels.start();
    }

    @AfterEach
    void close() {
        readModels.close();
        ledger.close();
        database.close();
    }

    @Test
    void what_was_taken_back_is_read_again_with_the_next_event() throws Exception {
        long first = open("acme");
        takeBack("acme");
        long second = open("globex");

        assertThat(first).isLessThan(second);
        awaitOrganization("acme");
        awaitOrganization("globex");
    }

    @Test
    void what_was_taken_back_is_read_again_even_if_nothing_more_happens() throws Exception {
        open("acme");
        takeBack("acme");

        awaitOrganization("acme");
    }

    private long open(String id) throws InterruptedException {
        OpenOrganization command = new OpenOrganization(
                new OrganizationId(id),
                Instant.parse("2026-02-01T00:00:00Z"),
                id,
                new Plan("team", Minutes.of(100), Plan.Limit.HARD),
                ZoneOffset.UTC,
                LocalDateTime.parse("2026-01-31T00:00"));
        Answer answer = ledger.send(command, new Origin("test", "test", null)).join();
        long position = ((Answer.Done) answer).standing().position();
        assertThat(readModels.awaitPosition(position, PATIENCE)).isTrue();
        return position;
    }

    private void takeBack(String id) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT FROM reporting.token FOR UPDATE");
            assertThat(statement.executeUpdate(
                            "DELETE FROM reporting.organization_usage WHERE organization_id = '" + id + "'"))
                    .isEqualTo(1);
            assertThat(statement.executeUpdate(
                            "DELETE FROM reporting.billing_periods WHERE organization_id = '" + id + "'"))
                    .isEqualTo(1);
            statement.execute("UPDATE reporting.token SET position = (SELECT min(position) - 1 FROM ledger.events"
                    + " WHERE organization_id = '" + id + "')");
            connection.commit();
        }
    }

    private void awaitOrganization(String id) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (usage.find(new OrganizationId(id)).isEmpty()) {
            assertThat(System.nanoTime()).as(id + " is back").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
