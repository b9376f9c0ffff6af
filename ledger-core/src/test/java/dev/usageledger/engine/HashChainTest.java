package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.HashChain.LinkedEvent;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.axonframework.modelling.command.ConcurrencyException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashChainTest {
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final EventRow EVENT = new EventRow(
            "acme",
            7,
            UUID.fromString("1449e993-af02-8deb-8dbf-f36d74ac944c"),
            "member-added",
            1,
            Instant.parse("2026-02-01T10:00:00.000001Z"),
            "{\"userId\":\"ada\"}",
            "{}");

    private final HikariDataSource database = TestDatabase.create();
    private final HashChain chain = new HashChain(100);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_an_event_hashes_to_is_a_promise() {
        assertThat(EVENT.hash(EventHash.NONE))
                .hasToString("825c9d31e21d32edac024d02db35dd8c37829de8a58b5cd1f0b7571c4d63b9e4");
    }

    @Test
    void whatever_an_event_says_is_in_its_hash() {
        EventHash hash = EVENT.hash(EventHash.NONE);
        List<EventRow> others = List.of(
                with("globex", 7, EVENT.eventId(), "member-added", 1, EVENT.recordedAt(), EVENT.payload(), "{}"),
                with("acme", 8, EVENT.eventId(), "member-added", 1, EVENT.recordedAt(), EVENT.payload(), "{}"),
                with("acme", 7, new UUID(1, 2), "member-added", 1, EVENT.recordedAt(), EVENT.payload(), "{}"),
                with("acme", 7, EVENT.eventId(), "member-removed", 1, EVENT.recordedAt(), EVENT.payload(), "{}"),
                with("acme", 7, EVENT.eventId(), "member-added", 2, EVENT.recordedAt(), EVENT.payload(), "{}"),
                with(
                        "acme",
                        7,
                        EVENT.eventId(),
                        "member-added",
                        1,
                        EVENT.recordedAt().plusNanos(1_000),
                        EVENT.payload(),
                        "{}"),
                with("acme", 7, EVENT.eventId(), "member-added", 1, EVENT.recordedAt(), "{\"userId\": \"ada\"}", "{}"),
                with("acme", 7, EVENT.eventId(), "member-added", 1, EVENT.recordedAt(), EVENT.payload(), "{ }"));

        assertThat(others)
                .extracting(other -> other.hash(EventHash.NONE))
                .doesNotContain(hash)
                .doesNotHaveDuplicates();
        assertThat(EVENT.hash(hash)).isNotEqualTo(hash);
    }

    @Test
    void a_time_that_takes_more_than_64_bits_is_not_taken_for_another() {
        Instant beyond = EVENT.recordedAt().plusSeconds(18_446_744_073_709L).plusNanos(551_616_000);

        EventRow later = with("acme", 7, EVENT.eventId(), "member-added", 1, beyond, EVENT.payload(), "{}");

        assertThat(later.hash(EventHash.NONE)).isNotEqualTo(EVENT.hash(EventHash.NONE));
    }

    @Test
    void the_database_computes_the_same() throws SQLException {
        List<OrganizationEvent> history = RandomHistory.of(5, ACME, 300).events();
        append(events(ACME, history, 0, history.size()));

        assertThat(strings("""
                SELECT sequence FROM (
                    SELECT sequence, hash, ledger.event_hash(event, coalesce(
                        lag(hash) OVER (ORDER BY sequence), decode(repeat('00', 32), 'hex'))) AS expected
                    FROM ledger.events AS event) AS links
                WHERE hash <> expected
                """)).isEmpty();
        assertThat(strings("SELECT hash FROM ledger.events"))
                .hasSize(history.size())
                .doesNotHaveDuplicates();
    }

    @Test
    void events_are_linked_across_batches_and_nodes() throws SQLException {
        List<OrganizationEvent> history = RandomHistory.of(6, ACME, 100).events();
        HashChain otherNode = new HashChain(100);

        append(events(ACME, history, 0, 10));
        append(otherNode, events(ACME, history, 10, 20));
        append(events(ACME, history, 20, 30));
        append(new HashChain(100), events(ACME, history, 30, 40));

        assertThat(strings("SELECT encode(hash, 'hex') FROM ledger.events ORDER BY sequence"))
                .isEqualTo(linkedFromTheFirst(events(ACME, history, 0, 40)));
    }

    @Test
    void an_event_that_does_not_follow_what_is_stored_is_not_linked() throws SQLException {
        List<OrganizationEvent> history = RandomHistory.of(7, ACME, 20).events();
        append(events(ACME, history, 0, 3));

        assertThatExceptionOfType(ConcurrencyException.class)
                .isThrownBy(() -> append(events(ACME, history, 4, 5)))
                .withMessageContaining("event 4 of acme");
        assertThatExceptionOfType(ConcurrencyException.class)
                .isThrownBy(() -> append(List.of(event(ACME, history, 3), event(ACME, history, 5))));
    }

    @Test
    void what_was_rolled_back_is_not_followed() throws SQLException {
        List<OrganizationEvent> history = RandomHistory.of(8, ACME, 20).events();
        append(events(ACME, history, 0, 3));
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            EventTable.append(
                    connection,
                    chain.link(
                            connection,
                            events(ACME, history, 7, 8).stream()
                                    .map(event -> NewEvent.of(ACME, 3, event.event(), event.metadata()))
                                    .toList()));
            connection.rollback();
        }

        append(events(ACME, history, 3, 5));

        assertThat(strings("SELECT encode(hash, 'hex') FROM ledger.events ORDER BY sequence"))
                .isEqualTo(linkedFromTheFirst(events(ACME, history, 0, 5)));
    }

    @Test
    void the_ledger_links_what_it_stores() throws SQLException {
        List<OrganizationCommand> commands = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RandomHistory.of(i, new OrganizationId("o" + i), 60).steps().forEach(step -> commands.add(step.command()));
        }
        try (Ledger lanes = new Ledger(database, LedgerPolicy.STANDARD);
                Ledger otherNode = new Ledger(database, LedgerPolicy.STANDARD)) {
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (OrganizationCommand command : commands) {
                Ledger node = answers.size() % 3 == 0 ? otherNode : lanes;
                answers.add(node.send(command, new Origin("test", "r1", null)));
            }
            answers.forEach(CompletableFuture::join);
        }

        assertThat(strings("SELECT count(*) > 100 FROM ledger.events")).containsExactly("t");
        assertThat(strings("""
                SELECT organization_id, sequence FROM (
                    SELECT organization_id, sequence, hash, ledger.event_hash(event, coalesce(
                        lag(hash) OVER (PARTITION BY organization_id ORDER BY sequence),
                        decode(repeat('00', 32), 'hex'))) AS expected
                    FROM ledger.events AS event) AS links
                WHERE hash <> expected
                """)).isEmpty();
    }

    @Test
    void what_was_recorded_before_there_was_a_chain_is_linked_as_it_stands() throws SQLException {
        execute("DROP SCHEMA ledger CASCADE", "DROP TABLE flyway_schema_history");
        migrate("1");
        execute("""
                INSERT INTO ledger.events
                    (organization_id, sequence, event_id, type, revision, recorded_at, payload, metadata)
                SELECT organization, i, gen_random_uuid(), 'member-added', 1, timestamptz '2026-02-01T10:00:00.000001Z' + i * interval '1 s',
                    format('{"userId": "ü%s"}', i)::json, '{}'
                FROM generate_series(0, 9) AS i, unnest(ARRAY['acme', 'globex']) AS organization
                """);

        migrate("latest");

        assertThat(strings("""
                SELECT organization_id FROM (
                    SELECT organization_id, hash, ledger.event_hash(event, coalesce(
                        lag(hash) OVER (PARTITION BY organization_id ORDER BY sequence),
                        decode(repeat('00', 32), 'hex'))) AS expected
                    FROM ledger.events AS event) AS links
                WHERE hash <> expected
                """)).isEmpty();
        assertThat(strings("SELECT DISTINCT hash FROM ledger.events")).hasSize(20);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> execute("DELETE FROM ledger.events"))
                .withMessageContaining("append only");
    }

    private void migrate(String target) {
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration")
                .target(target)
                .load()
                .migrate();
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static EventRow with(
            String id,
            long sequence,
            UUID eventId,
            String type,
            int revision,
            Instant at,
            String payload,
            String metadata) {
        return new EventRow(id, sequence, eventId, type, revision, at, payload, metadata);
    }

    private void append(List<NewEvent> events) throws SQLException {
        append(chain, events);
    }

    private void append(HashChain chain, List<NewEvent> events) throws SQLException {
        try (Connection connection = database.getConnection()) {
            List<LinkedEvent> linked = chain.link(connection, events);
            EventTable.append(connection, linked);
            chain.remember(linked);
        }
    }

    private static List<NewEvent> events(OrganizationId id, List<OrganizationEvent> history, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> event(id, history, i)).toList();
    }

    private static NewEvent event(OrganizationId id, List<OrganizationEvent> history, int sequence) {
        return NewEvent.of(id, sequence, history.get(sequence), Map.of("actor", "test"));
    }

    private static List<String> linkedFromTheFirst(List<NewEvent> events) {
        List<String> hashes = new ArrayList<>();
        EventHash previous = EventHash.NONE;
        for (NewEvent event : events) {
            previous = event.row().hash(previous);
            hashes.add(previous.toString());
        }
        return hashes;
    }

    private List<String> strings(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement query = connection.createStatement();
                ResultSet rows = query.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
