package dev.usageledger.projections.processing;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.PlantedEvents;
import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.Hold;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.OveragePack;
import dev.usageledger.projections.ReadModelsPage;
import dev.usageledger.projections.members.MemberQuery;
import dev.usageledger.projections.members.MemberRow;
import dev.usageledger.projections.packs.OveragePackQuery;
import dev.usageledger.projections.packs.OveragePackRow;
import dev.usageledger.projections.periods.BillingPeriodQuery;
import dev.usageledger.projections.periods.BillingPeriodRow;
import dev.usageledger.projections.reservations.ReservationQuery;
import dev.usageledger.projections.reservations.ReservationRow;
import dev.usageledger.projections.transcriptions.TranscriptionQuery;
import dev.usageledger.projections.transcriptions.TranscriptionRow;
import dev.usageledger.projections.usage.OrganizationFilter;
import dev.usageledger.projections.usage.OrganizationOrder;
import dev.usageledger.projections.usage.OrganizationUsageQuery;
import dev.usageledger.projections.usage.OrganizationUsageRow;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Laws over random histories, cut into random batches of which many are delivered twice. A failure names its seed; run
 * it again alone with {@code -Dledger.seed=…}.
 */
class RandomHistoriesTest {
    private static final int HISTORIES = 150;
    private static final int COMMANDS = 150;
    private static final List<String> TABLES = List.of(
            "organization_usage", "transcriptions", "billing_periods", "overage_packs", "reservations", "members");

    private static HikariDataSource database;

    @BeforeAll
    static void createDatabase() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void closeDatabase() {
        database.close();
    }

    @Test
    void read_models_say_what_the_domain_says_however_events_are_delivered() {
        forEachSeed(HISTORIES, seed -> {
            History history = history(seed);
            deliverSomehow(history.events(), new Random(seed));
            for (OrganizationUsageRow row : organizations()) {
                assertSaysWhatTheDomainSays(row, history);
            }
            assertThat(organizations()).hasSize(3);
            assertThat(brokenLaws()).isEmpty();
        });
    }

    @Test
    void rows_are_the_same_however_events_are_delivered() {
        forEachSeed(HISTORIES / 5, seed -> {
            History history = history(seed);
            deliverSomehow(history.events(), new Random(seed));
            Map<String, List<String>> somehow = everyRow();
            emptied();
            deliver(new Projector(LedgerPolicy.STANDARD), history.events());
            assertThat(somehow).isEqualTo(everyRow());
        });
    }

    // --- delivering

    private static History history(long seed) {
        History history = new History(LedgerPolicy.STANDARD);
        new RandomHistory(seed, history).happen(COMMANDS);
        inTransaction(connection -> PlantedEvents.replace(connection, history.events()));
        return history;
    }

    private static void deliverSomehow(List<RecordedEvent> events, Random random) {
        emptied();
        Projector projector = new Projector(LedgerPolicy.STANDARD);
        int next = 0;
        while (next < events.size()) {
            int end = Math.min(events.size(), next + 1 + random.nextInt(random.nextBoolean() ? 5 : 80));
            int start = Math.max(0, next - random.nextInt(20));
            deliver(projector, events.subList(start, end));
            if (random.nextInt(4) == 0) {
                deliver(projector, events.subList(start, end));
            }
            // Another node takes over, and may be followed by the first one again.
            projector = random.nextInt(5) == 0 ? new Projector(LedgerPolicy.STANDARD) : projector;
            next = end;
        }
    }

    private static void deliver(Projector projector, List<RecordedEvent> batch) {
        inTransaction(connection -> projector.apply(batch, connection));
    }

    private static void emptied() {
        inTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String table : TABLES) {
                    statement.execute("TRUNCATE reporting." + table);
                }
                statement.execute("TRUNCATE reporting.token");
            }
            new Projector(LedgerPolicy.STANDARD).prepare(connection);
        });
    }

    private static void inTransaction(ProjectionTest.Work work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            work.with(connection);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, List<String>> everyRow() {
        return TABLES.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        table -> JdbcClient.create(database)
                                .sql("SELECT to_jsonb(row)::text FROM reporting." + table + " AS row ORDER BY 1")
                                .query(String.class)
                                .list()));
    }

    // --- the laws

    private static void assertSaysWhatTheDomainSays(OrganizationUsageRow row, History history) {
        OrganizationId id = new OrganizationId(row.organizationId());
        Open organization = history.organization(row.organizationId());
        List<BillingPeriodRow> statements =
                new BillingPeriodQuery(database).newestFirst(id, null, 1_000).items();
        List<TranscriptionRow> transcriptions =
                new TranscriptionQuery(database).newestFirst(id, null, 1_000).items();
        List<OveragePackRow> packs =
                new OveragePackQuery(database).newestFirst(id, null, 1_000).items();
        List<ReservationRow> reservations =
                new ReservationQuery(database).newestFirst(id, null, 1_000).items();

        assertIsTheBalance(row, history.balance(row.organizationId()), organization);
        assertThat(row.lastSequence())
                .isEqualTo(history.stream(row.organizationId()).size() - 1L);
        statements.forEach(statement -> assertAddsUp(statement, transcriptions));
        assertIsOpen(statements.getFirst(), row);
        assertThat(statements.stream().skip(1).map(BillingPeriodRow::status))
                .allMatch(BillingPeriodRow.Status.CLOSED::equals);
        assertThat(sum(transcriptions, TranscriptionRow::minutes, any -> true))
                .isEqualTo(sum(statements, BillingPeriodRow::usedMinutes, any -> true));
        assertPacks(packs, statements, organization);
        assertHolds(reservations, organization);
        assertMembers(new MemberQuery(database).newestFirst(id, null, 1_000).items(), organization);
    }

    /** What people are told to monitor, as they are told to. */
    private static List<String> brokenLaws() {
        return JdbcClient.create(database)
                .sql("SELECT must_stay_at_zero FROM ("
                        + ReadModelsPage.lawsQuery().replace(';', ' ') + ") WHERE count > 0")
                .query(String.class)
                .list();
    }

    private static void assertIsTheBalance(OrganizationUsageRow row, Balance balance, Open organization) {
        assertThat(row.name()).isEqualTo(balance.name());
        assertThat(row.status()).isEqualTo(balance.status());
        assertThat(row.planCode()).isEqualTo(balance.plan().code());
        assertThat(row.planLimit()).isEqualTo(balance.plan().limit());
        assertThat(row.planIncludedMinutes()).isEqualTo(value(balance.plan().includedMinutes()));
        assertThat(row.nextPlanCode())
                .isEqualTo(
                        balance.nextPlan() == null ? null : balance.nextPlan().code());
        assertThat(row.zone()).isEqualTo(balance.calendar().zone().getId());
        assertThat(row.periodAnchor()).isEqualTo(balance.calendar().anchor());
        assertThat(row.periodIndex()).isEqualTo(balance.period().index());
        assertThat(row.periodStart()).isEqualTo(balance.period().start());
        assertThat(row.periodEnd()).isEqualTo(balance.period().end());
        assertThat(row.usedMinutes()).isEqualTo(balance.used().value());
        assertThat(row.remainingMinutes()).isEqualTo(value(balance.remaining()));
        assertThat(row.heldMinutes()).isEqualTo(balance.held().value());
        assertThat(row.uncoveredMinutes()).isEqualTo(balance.uncovered().value());
        assertThat(row.capacityMinutes()).isEqualTo(value(balance.capacity()));
        assertThat(row.baseUsedMinutes()).isEqualTo(balance.baseUsed().value());
        assertThat(row.baseRemainingMinutes()).isEqualTo(value(balance.baseRemaining()));
        assertThat(row.overageUsedMinutes()).isEqualTo(balance.overageUsed().value());
        assertThat(row.overageRemainingMinutes())
                .isEqualTo(balance.overageRemaining().value());
        assertThat(row.members()).isEqualTo(organization.members().size());
        assertThat(row.nextDueAt()).isEqualTo(stored(organization.nextDueAt()));
        assertThat(row.updatedAt()).isEqualTo(stored(organization.recordedUpTo()));
    }

    private static void assertAddsUp(BillingPeriodRow statement, List<TranscriptionRow> all) {
        List<TranscriptionRow> counted = all.stream()
                .filter(transcription -> transcription.periodIndex() == statement.periodIndex())
                .toList();
        long recorded = sum(counted, TranscriptionRow::recordedMinutes, any -> true);
        assertThat(statement.usedMinutes())
                .isEqualTo(statement.baseMinutes() + statement.overageMinutes() + statement.uncoveredMinutes())
                .isEqualTo(sum(counted, TranscriptionRow::minutes, any -> true))
                .isEqualTo(recorded + statement.correctedMinutes());
        assertThat(statement.lateMinutes())
                .isEqualTo(
                        sum(counted, TranscriptionRow::recordedMinutes, row -> row.counted() == Counted.CLOSED_PERIOD));
        assertThat(statement.earlierMinutes())
                .isEqualTo(sum(
                        counted,
                        TranscriptionRow::recordedMinutes,
                        row -> row.counted() == Counted.LATE_IN_CURRENT_PERIOD));
        if (statement.status() == BillingPeriodRow.Status.CLOSED && statement.includedMinutes() != null) {
            assertThat(statement.lapsedMinutes())
                    .isEqualTo(Math.max(0, statement.includedMinutes() - statement.baseMinutes()));
        }
    }

    private static void assertIsOpen(BillingPeriodRow statement, OrganizationUsageRow row) {
        assertThat(statement.status()).isEqualTo(BillingPeriodRow.Status.OPEN);
        assertThat(statement.periodIndex()).isEqualTo(row.periodIndex());
        assertThat(statement.planCode()).isEqualTo(row.planCode());
        assertThat(statement.usedMinutes()).isEqualTo(row.usedMinutes());
        assertThat(statement.baseMinutes()).isEqualTo(row.baseUsedMinutes());
        assertThat(statement.overageMinutes()).isEqualTo(row.overageUsedMinutes());
        assertThat(statement.uncoveredMinutes()).isEqualTo(row.uncoveredMinutes());
    }

    private static void assertPacks(List<OveragePackRow> rows, List<BillingPeriodRow> statements, Open organization) {
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.boughtMinutes())
                        .isEqualTo(row.spentMinutes()
                                + row.refundedMinutes()
                                + row.expiredMinutes()
                                + row.remainingMinutes()));
        // A roll changes no pack, so what packs have spent is what statements say that packs have paid.
        assertThat(sum(rows, OveragePackRow::spentMinutes, any -> true))
                .isEqualTo(sum(statements, BillingPeriodRow::overageMinutes, any -> true));
        assertThat(sum(rows, OveragePackRow::remainingMinutes, any -> true))
                .isEqualTo(organization.overage().remaining().value());
        Map<String, OveragePackRow> byId =
                rows.stream().collect(Collectors.toMap(OveragePackRow::purchaseId, Function.identity()));
        for (OveragePack pack : organization.overage().packs()) {
            OveragePackRow row = byId.get(pack.purchaseId().value());
            assertThat(row.spentMinutes()).isEqualTo(pack.spent().value());
            assertThat(row.refundedMinutes()).isEqualTo(pack.refunded().value());
            assertThat(row.expiredMinutes()).isEqualTo(pack.expired().value());
        }
    }

    private static void assertHolds(List<ReservationRow> rows, Open organization) {
        assertThat(rows.stream()
                        .filter(row -> row.status() == ReservationRow.Status.OPEN)
                        .collect(Collectors.toMap(ReservationRow::reservationId, ReservationRow::minutes)))
                .isEqualTo(organization.holds().open().stream()
                        .collect(Collectors.toMap(
                                hold -> hold.reservationId().value(),
                                (Hold hold) -> hold.minutes().value())));
    }

    private static void assertMembers(List<MemberRow> rows, Open organization) {
        assertThat(rows.stream().collect(Collectors.toMap(MemberRow::userId, MemberRow::since)))
                .isEqualTo(organization.members().entrySet().stream()
                        .collect(Collectors.toMap(
                                member -> member.getKey().value(), member -> stored(member.getValue()))));
    }

    // --- helpers

    private static void forEachSeed(int histories, LongConsumer law) {
        String given = System.getProperty("ledger.seed");
        long first = given == null ? System.nanoTime() : Long.parseLong(given);
        List<Long> seeds = new ArrayList<>();
        for (int i = 0; i < (given == null ? histories : 1); i++) {
            seeds.add(first + i);
        }
        for (long seed : seeds) {
            try {
                law.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("with -Dledger.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static List<OrganizationUsageRow> organizations() {
        return new OrganizationUsageQuery(database)
                .list(OrganizationFilter.ALL, OrganizationOrder.NEWEST, null, 1_000)
                .items();
    }

    private static <T> long sum(List<T> rows, ToLongFunction<T> minutes, Predicate<T> which) {
        return rows.stream().filter(which).mapToLong(minutes).sum();
    }

    private static Instant stored(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    private static @Nullable Long value(@Nullable Minutes minutes) {
        return minutes == null ? null : minutes.value();
    }
}
