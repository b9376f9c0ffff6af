package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.OrganizationCommand.AddMember;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.UserId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SnapshotTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
    private static final Origin ORIGIN = new Origin("test", "request-1", null);
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final List<OrganizationEvent> HISTORY =
            RandomHistory.of(11, ACME, 3_500).events();
    private static final int COVERED = 1_600;

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_long_history_loads_from_its_snapshot_and_the_events_since_as_from_all_events() {
        store(0, COVERED);
        assertThat(loaded()).isEqualTo(known(COVERED));
        assertThat(snapshot()).isEqualTo(new Snapshot(COVERED - 1, COVERED, OrganizationCodec.FORMAT));

        store(COVERED, HISTORY.size());
        assertThat(loaded()).isEqualTo(known(HISTORY.size()));
        assertThat(HISTORY).hasSizeGreaterThan(COVERED + 500);
    }

    @Test
    void a_snapshot_is_what_loading_starts_from() {
        store(0, COVERED);
        loaded();
        store(COVERED, HISTORY.size());

        execute("UPDATE ledger.snapshots SET state = replace(state::text, '“Söhne”', '“Töchter”')::json");

        assertThat(loaded().open().name()).isEqualTo("Größe & “Töchter” 𝄞");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE ledger.snapshots SET format = format + 1, state = '{\"shape\": \"to come\"}'",
                "UPDATE ledger.snapshots SET format = 0, state = '{\"shape\": \"of old\"}'",
                "UPDATE ledger.snapshots SET state = '{\"shape\": \"nobody knows\"}'",
                "UPDATE ledger.snapshots SET state = '[]'",
                "TRUNCATE ledger.snapshots",
            })
    void a_snapshot_that_cannot_be_used_only_makes_loading_slower(String sql) {
        store(0, COVERED);
        loaded();

        execute(sql);

        assertThat(loaded()).isEqualTo(known(COVERED));
    }

    @Test
    void an_older_snapshot_never_replaces_a_newer_one() {
        write(known(1_500));
        write(known(1_000));
        assertThat(snapshot().sequence()).isEqualTo(1_499);

        write(known(1_501));
        assertThat(snapshot()).isEqualTo(new Snapshot(1_500, 1_501, OrganizationCodec.FORMAT));
    }

    @Test
    void the_newest_snapshot_stays_however_many_are_written_at_once() throws Exception {
        List<Integer> lengths =
                new ArrayList<>(IntStream.rangeClosed(1, 60).boxed().toList());
        Collections.shuffle(lengths, new Random(5));

        try (ExecutorService nodes = Executors.newFixedThreadPool(6)) {
            nodes.invokeAll(lengths.stream()
                    .map(length -> Executors.callable(() -> write(known(length))))
                    .toList());
        }

        assertThat(snapshot()).isEqualTo(new Snapshot(59, 60, OrganizationCodec.FORMAT));
        assertThat(loaded()).isEqualTo(known(60));
    }

    @Test
    void a_snapshot_in_another_format_gives_way_however_new_it_is() {
        write(known(1_500));
        execute("UPDATE ledger.snapshots SET format = format + 1");

        write(known(1_000));

        assertThat(snapshot()).isEqualTo(new Snapshot(999, 1_000, OrganizationCodec.FORMAT));
    }

    @Test
    void the_ledger_keeps_snapshots_as_it_goes() {
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            open(ledger, ACME);
            addMembers(ledger, ACME, 0, 1_500);
            while (sequences(List.of(ACME)).getOrDefault(ACME, -1L) < 1_500) {
                Thread.onSpinWait();
            }
        }

        assertThat(snapshot().position()).as("nobody else has written").isEqualTo(1_501);
        assertThat(loaded().open().members()).hasSize(1_500);
        assertThat(loaded().sequence()).isEqualTo(1_500);
    }

    @Test
    void an_organization_that_many_events_open_at_once_has_a_snapshot() {
        try (Organizations organizations = new Organizations(transactions, 10, (id, before, now) -> {})) {
            organizations.remember(ACME, known(150));
        }

        assertThat(snapshot().sequence()).isEqualTo(149);
    }

    @Test
    void at_a_stop_snapshots_are_brought_up_to_what_is_in_memory() {
        List<OrganizationId> many = IntStream.range(0, 300)
                .mapToObj(i -> new OrganizationId("organization-" + i))
                .toList();
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            many.forEach(id -> open(ledger, id));
            many.forEach(id -> addMembers(ledger, id, 0, 140));
        }
        assertThat(sequences(many)).hasSize(many.size());
        assertThat(sequences(many).values())
                .allSatisfy(sequence -> assertThat(sequence).isBetween(135L, 140L));
    }

    @Test
    void at_a_stop_a_few_events_are_not_worth_a_snapshot() {
        store(0, 1_610);
        loaded();
        assertThat(snapshot().sequence()).isEqualTo(1_609);

        store(1_610, 1_615);
        loaded();
        assertThat(snapshot().sequence()).isEqualTo(1_609);

        store(1_615, 1_616);
        loaded();
        assertThat(snapshot().sequence()).isEqualTo(1_615);
    }

    @Test
    void a_snapshot_that_has_been_removed_is_not_written_from_memory_that_may_come_from_it() {
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            open(ledger, ACME);
            addMembers(ledger, ACME, 0, 140);
        }
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            addMembers(ledger, ACME, 140, 150);
            execute("DELETE FROM ledger.snapshots");
        }

        assertThat(sequences(List.of(ACME))).isEmpty();
    }

    private static void open(Ledger ledger, OrganizationId id) {
        Plan plan = new Plan("team", null, Plan.Limit.SOFT);
        ledger.send(
                        new OpenOrganization(
                                id, NOW, "Acme", plan, ZoneOffset.UTC, LocalDateTime.parse("2026-01-31T00:00:00")),
                        ORIGIN)
                .join();
    }

    private static void addMembers(Ledger ledger, OrganizationId id, int from, int to) {
        IntStream.range(from, to)
                .mapToObj(i -> ledger.send(new AddMember(id, NOW, new UserId("u" + i)), ORIGIN))
                .toList()
                .forEach(CompletableFuture::join);
    }

    private Map<OrganizationId, Long> sequences(List<OrganizationId> ids) {
        return transactions.call(connection -> SnapshotTable.sequences(connection, ids));
    }

    private record Snapshot(long sequence, long position, int format) {}

    /** As a node that has just started loads it, which then writes a snapshot of its own. No draft is in a snapshot. */
    private KnownOrganization loaded() {
        try (Organizations organizations = new Organizations(transactions, 10, (id, before, now) -> {})) {
            KnownOrganization loaded = organizations.current(ACME);
            return new KnownOrganization(loaded.organization(), loaded.sequence(), loaded.position());
        }
    }

    private static KnownOrganization known(int events) {
        Organization organization = Organization.NOT_OPENED;
        for (OrganizationEvent event : HISTORY.subList(0, events)) {
            organization = OrganizationDecider.evolve(organization, event);
        }
        return new KnownOrganization(organization, events - 1, events);
    }

    private void store(int from, int to) {
        List<NewEvent> rows = IntStream.range(from, to)
                .mapToObj(i -> NewEvent.of(ACME, i, HISTORY.get(i), Map.of()))
                .toList();
        transactions.run(connection -> EventTable.append(connection, new HashChain(1).link(connection, rows)));
    }

    private void write(KnownOrganization known) {
        transactions.run(connection -> SnapshotTable.write(connection, List.of(known)));
    }

    private Snapshot snapshot() {
        return transactions.call(connection -> {
            try (Statement query = connection.createStatement();
                    ResultSet row = query.executeQuery("SELECT * FROM ledger.snapshots")) {
                assertThat(row.next()).as("there is a snapshot").isTrue();
                return new Snapshot(row.getLong("sequence"), row.getLong("position"), row.getInt("format"));
            }
        });
    }

    private void execute(String sql) {
        transactions.run(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
    }
}
