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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00Z");
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
    void the_ledger_keeps_a_snapshot_as_it_goes() {
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            Origin origin = new Origin("test", "request-1", null);
            ledger.send(
                            new OpenOrganization(
                                    ACME,
                                    NOW,
                                    "Acme",
                                    new Plan("team", null, Plan.Limit.SOFT),
                                    ZoneOffset.UTC,
                                    LocalDateTime.parse("2026-01-31T00:00:00")),
                            origin)
                    .join();
            IntStream.range(0, 1_500)
                    .mapToObj(i -> ledger.send(new AddMember(ACME, NOW, new UserId("u" + i)), origin))
                    .toList()
                    .forEach(CompletableFuture::join);
        }

        Snapshot snapshot = snapshot();
        assertThat(snapshot.sequence()).isBetween(999L, 1_500L);
        assertThat(snapshot.position()).as("nobody else has written").isEqualTo(snapshot.sequence() + 1);
        assertThat(loaded().open().members()).hasSize(1_500);
        assertThat(loaded().sequence()).isEqualTo(1_500);
    }

    private record Snapshot(long sequence, long position, int format) {}

    /** As a node that has just started loads it, which then writes a snapshot of its own. */
    private KnownOrganization loaded() {
        try (Organizations organizations = new Organizations(transactions, 10, (id, before, now) -> {})) {
            return organizations.current(ACME);
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
        transactions.run(connection -> SnapshotTable.write(connection, known));
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
