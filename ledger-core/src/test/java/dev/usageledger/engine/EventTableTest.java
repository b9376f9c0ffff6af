package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.EventTable.TranscriptionKey;
import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.MemberAdded;
import dev.usageledger.organization.OrganizationEvent.MinutesReserved;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTableTest {
    private static final Instant NOW = Instant.parse("2026-02-01T10:00:00.000001Z");
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final OrganizationId GLOBEX = new OrganizationId("globex");

    private final HikariDataSource database = TestDatabase.create();
    private final JdbcTransactions transactions = new JdbcTransactions(database);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void events_that_are_stored_together_get_positions_in_the_order_given() {
        List<NewEvent> events = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            OrganizationId organizationId = new OrganizationId("o" + i % 7);
            events.add(NewEvent.of(organizationId, i / 7, member(i), Map.of()));
        }

        long[] first = append(events.subList(0, 3));
        long[] rest = append(events.subList(3, 500));

        assertThat(first).containsExactly(1, 2, 3);
        assertThat(rest).containsExactly(LongStream.rangeClosed(4, 500).toArray());
        assertThat(all())
                .extracting(RecordedEvent::event)
                .containsExactlyElementsOf(events.stream().map(NewEvent::event).toList());
        assertThat(transactions.call(EventTable::head)).isEqualTo(500);
    }

    @Test
    void what_is_stored_comes_back_as_it_was() {
        Map<String, String> metadata = new Origin("billing", "request-7", "“goodwill”").metadata();
        List<OrganizationEvent> history = RandomHistory.of(3, ACME, 200).events();
        List<NewEvent> events = IntStream.range(0, history.size())
                .mapToObj(i -> NewEvent.of(ACME, i, history.get(i), metadata))
                .toList();

        long[] positions = append(events);

        List<RecordedEvent> expected = IntStream.range(0, history.size())
                .mapToObj(i -> new RecordedEvent(
                        positions[i], ACME, i, EventId.of(ACME, i, history.get(i)), history.get(i), metadata))
                .toList();
        assertThat(all()).isEqualTo(expected);
        assertThat(read(ACME, -1)).isEqualTo(expected);
    }

    @Test
    void a_long_history_is_handed_over_whole_and_in_order() {
        fill("acme", 2_500);
        fill("globex", 10);

        assertThat(read(ACME, -1))
                .extracting(RecordedEvent::sequence)
                .containsExactlyElementsOf(LongStream.range(0, 2_500).boxed().toList());
        assertThat(read(ACME, 2_497)).extracting(RecordedEvent::sequence).containsExactly(2_498L, 2_499L);
        assertThat(read(ACME, 2_499)).isEmpty();
    }

    @Test
    void a_page_holds_the_newest_first() {
        fill("acme", 25);
        fill("globex", 10);

        assertThat(page(null, 10)).containsExactly(24L, 23L, 22L, 21L, 20L, 19L, 18L, 17L, 16L, 15L);
        assertThat(page(3L, 10)).containsExactly(2L, 1L, 0L);
        assertThat(page(0L, 10)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE ledger.events SET payload = '{}'",
                "UPDATE ledger.events SET recorded_at = now() WHERE false",
                "DELETE FROM ledger.events",
                "DELETE FROM ledger.events WHERE sequence = 1",
                "TRUNCATE ledger.events",
                "TRUNCATE ledger.events, ledger.snapshots",
                "INSERT INTO ledger.events (organization_id, sequence, event_id, type, revision, recorded_at, payload, metadata, hash)"
                        + " VALUES ('acme', 0, gen_random_uuid(), 'member-added', 1, now(), '{}', '{}', sha256('x'))"
                        + " ON CONFLICT (organization_id, sequence) DO UPDATE SET payload = '{}'",
            })
    void what_has_happened_is_never_changed_or_removed(String sql) {
        append(List.of(NewEvent.of(ACME, 0, member(0), Map.of()), NewEvent.of(ACME, 1, member(1), Map.of())));
        List<RecordedEvent> before = all();

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> execute(sql))
                .withMessageContaining("ledger.events is append only")
                .havingCause()
                .satisfies(cause ->
                        assertThat(((SQLException) cause).getSQLState()).isEqualTo("23001"));
        assertThat(all()).isEqualTo(before);
    }

    @Test
    void nobody_chooses_a_position() {
        assertThatExceptionOfType(DatabaseException.class).isThrownBy(() -> execute("""
                INSERT INTO ledger.events
                    (position, organization_id, sequence, event_id, type, revision, recorded_at, payload, metadata, hash)
                VALUES (7, 'acme', 0, gen_random_uuid(), 'member-added', 1, now(), '{}', '{}', sha256('x'))
                """));
    }

    @Test
    void of_two_writers_only_one_can_be_next() {
        append(List.of(NewEvent.of(ACME, 0, member(0), Map.of())));

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> append(List.of(
                        NewEvent.of(GLOBEX, 0, member(0), Map.of()), NewEvent.of(ACME, 0, member(1), Map.of()))))
                .matches(DatabaseException::isConflict);
        assertThat(all()).extracting(RecordedEvent::organizationId).containsExactly(ACME);
    }

    @Test
    void what_can_happen_only_once_is_stored_only_once_wherever_it_would_stand() {
        append(List.of(NewEvent.of(ACME, 0, reserved("r1", NOW), Map.of())));

        assertThatExceptionOfType(DatabaseException.class)
                .isThrownBy(() -> append(List.of(NewEvent.of(ACME, 1, reserved("r1", NOW.plusSeconds(9)), Map.of()))))
                .matches(DatabaseException::isConflict);
        append(List.of(
                NewEvent.of(ACME, 1, reserved("r2", NOW), Map.of()),
                NewEvent.of(GLOBEX, 0, reserved("r1", NOW), Map.of())));
        assertThat(all()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1969-12-31T23:59:59.999999Z",
                "2026-02-01T10:00:00.000001Z",
                "2300-06-30T12:34:56.999999Z",
                "9999-12-31T23:59:59.999999Z"
            })
    void a_time_is_kept_to_the_microsecond(Instant at) {
        append(List.of(NewEvent.of(ACME, 0, reserved("r1", at), Map.of())));

        assertThat(all()).extracting(RecordedEvent::event).containsExactly(reserved("r1", at));
    }

    @Test
    void a_time_that_the_column_cannot_hold_is_refused_and_not_rounded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> append(List.of(
                        NewEvent.of(ACME, 0, member(0), Map.of()),
                        NewEvent.of(ACME, 1, new MemberAdded(NOW.plusNanos(1), new UserId("u1")), Map.of()))))
                .withMessageContaining("microseconds");
        assertThat(all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "0001-01-01T00:00:00.000001Z",
                "2999-12-31T23:59:59.999999Z",
                "9999-12-31T23:59:59Z"
            })
    void a_time_comes_back_to_the_microsecond(Instant time) {
        append(List.of(NewEvent.of(ACME, 0, new MemberAdded(time, new UserId("u1")), Map.of())));

        assertThat(all()).extracting(row -> row.event().recordedAt()).containsExactly(time);
    }

    @Test
    void the_last_corrections_are_found_by_their_own_index() {
        fill("acme", 20_000);
        long before = scans("events_corrections");
        List<TranscriptionKey> asked = Stream.of("t7", "t8", "none")
                .map(id -> new TranscriptionKey(ACME, new TranscriptionId(id)))
                .toList();

        List<RecordedEvent> last = transactions.call(connection -> EventTable.lastCorrections(connection, asked));

        assertThat(last).extracting(RecordedEvent::sequence).containsExactlyInAnyOrder(19_007L, 19_008L);
        assertThat(scans("events_corrections")).isEqualTo(before + asked.size());
    }

    @Test
    void events_are_looked_up_by_the_index_that_keeps_them_unique() {
        fill("acme", 20_000);
        append(List.of(NewEvent.of(ACME, 20_000, reserved("r1", NOW), Map.of())));
        List<UUID> ids = new ArrayList<>();
        ids.add(EventId.of(ACME, new EventIdentity("reservation", "r1")));
        IntStream.range(0, 250).forEach(i -> ids.add(EventId.of(ACME, new EventIdentity("transcription", "x" + i))));
        long before = scans("events_event_id_key");
        long scansOfAll = sequentialScans();

        List<RecordedEvent> found = transactions.call(connection -> EventTable.byIds(connection, ids));

        assertThat(found).extracting(RecordedEvent::event).containsExactly(reserved("r1", NOW));
        assertThat(scans("events_event_id_key")).isGreaterThan(before);
        assertThat(sequentialScans()).isEqualTo(scansOfAll);
    }

    /** A plan is kept until PostgreSQL analyzes the table again, a minute later, in which a ledger may have grown large. */
    @ParameterizedTest
    @CsvSource({"1, 1.1", "1, 4", "100, 1.1", "100, 4", "1000, 1.1", "1000, 4", "10001, 1.1", "10001, 4"})
    void a_plan_from_when_a_ledger_was_small_does_not_read_all_of_a_large_one(int small, double randomPageCost) {
        execute("SET random_page_cost = " + randomPageCost);
        append(members(GLOBEX, small));
        if (small > eventsUntilAnalyzed()) {
            execute("ANALYZE ledger.events");
        }
        look(20);
        append(members(ACME, 20_000));
        long scansOfAll = sequentialScans();

        look(20);

        assertThat(sequentialScans()).isEqualTo(scansOfAll);
    }

    private static List<NewEvent> members(OrganizationId organizationId, int events) {
        return IntStream.range(0, events)
                .mapToObj(i -> NewEvent.of(organizationId, i, member(i), Map.of()))
                .toList();
    }

    /** How many events PostgreSQL lets pass by until it analyzes or vacuums their table for the first time. */
    private long eventsUntilAnalyzed() {
        return statistic("""
                SELECT min(coalesce(option_value, current_setting(setting))::bigint)
                FROM unnest(array['autovacuum_analyze_threshold', 'autovacuum_vacuum_insert_threshold']) AS setting
                LEFT JOIN (
                    SELECT option_name, option_value FROM pg_class, pg_options_to_table(reloptions)
                    WHERE pg_class.oid = 'ledger.events'::regclass
                ) AS own ON option_name = setting
                """);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            transactions.run(connection -> EventTable.readAfter(
                    connection, Map.of(ACME, 19_990L), 5_000, event -> {}, List.of(UUID.randomUUID()), event -> {}));
        }
    }

    @Test
    void whoever_has_a_turn_of_its_own_keeps_others_from_appending_until_its_transaction_ends() throws SQLException {
        List<NewEvent> event = List.of(NewEvent.of(ACME, 0, member(0), Map.of()));
        try (Connection turn = database.getConnection();
                Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            turn.setAutoCommit(false);
            EventTable.takeTurn(turn);
            statement.execute("SET lock_timeout = '50ms'");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> append(other, event))
                    .returns("55P03", SQLException::getSQLState);

            turn.commit();

            assertThat(append(other, event)).hasSize(1);
            statement.execute("RESET lock_timeout");
        }
    }

    @Test
    void whoever_comes_to_a_halt_in_its_turn_loses_it() throws SQLException {
        try (Connection halted = database.getConnection();
                Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            // Long enough for any machine: only so that the test fails instead of waiting for ever.
            statement.execute("SET lock_timeout = '60s'");
            halted.setAutoCommit(false);
            EventTable.takeTurn(halted);

            assertThat(append(other, List.of(NewEvent.of(ACME, 0, member(0), Map.of()))))
                    .hasSize(1);
            assertThatExceptionOfType(SQLException.class).isThrownBy(halted::commit);
        }
    }

    private long[] append(List<NewEvent> events) {
        return recorded(events).stream().mapToLong(RecordedEvent::position).toArray();
    }

    private List<RecordedEvent> recorded(List<NewEvent> events) {
        return transactions.call(connection -> append(connection, events));
    }

    private static List<RecordedEvent> append(Connection connection, List<NewEvent> events) throws SQLException {
        return EventTable.append(connection, new HashChain(1).link(connection, events));
    }

    private List<RecordedEvent> all() {
        return transactions.call(connection -> EventTable.after(connection, 0, 10_000));
    }

    private List<RecordedEvent> read(OrganizationId organizationId, long after) {
        List<RecordedEvent> events = new ArrayList<>();
        transactions.run(connection -> EventTable.read(connection, organizationId, after, events::add));
        return events;
    }

    private List<Long> page(Long before, int limit) {
        return transactions
                .call(connection -> EventTable.newestFirst(connection, new EventQuery(ACME, before, limit)))
                .stream()
                .map(RecordedEvent::sequence)
                .toList();
    }

    /** Many corrections of t0 to t999, made by SQL because there are so many. */
    private void fill(String organization, int events) {
        execute("""
                INSERT INTO ledger.events
                    (organization_id, sequence, event_id, type, revision, recorded_at, payload, metadata, hash)
                SELECT '%s', i, gen_random_uuid(), 'transcription-corrected', 1, '2026-02-01T10:00:00Z',
                    json_build_object('correctionId', 'c' || i, 'transcriptionId', 't' || i %% 1000, 'before', 60,
                        'minutes', 50, 'reason', 'measured again', 'period', 0,
                        'charged', json_build_object('fromBase', 0, 'fromOverage', json_build_array(), 'uncovered', 0),
                        'givenBack', json_build_object('fromBase', 10, 'fromOverage', json_build_array(), 'uncovered', 0),
                        'lapsed', json_build_array(), 'covered', json_build_array()),
                    '{}', sha256('x')
                FROM generate_series(0, %d) AS i
                """.formatted(organization, events - 1));
        execute("ANALYZE ledger.events");
    }

    private long scans(String index) {
        return statistic("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = '" + index + "'");
    }

    private long sequentialScans() {
        return statistic("SELECT seq_scan FROM pg_stat_user_tables WHERE relid = 'ledger.events'::regclass");
    }

    /** One connection serves the whole test, so what it did is counted once it has been told to say so. */
    private long statistic(String sql) {
        execute("SELECT pg_stat_force_next_flush()");
        return transactions.call(connection -> {
            try (Statement query = connection.createStatement();
                    ResultSet row = query.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
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

    private static MemberAdded member(int number) {
        return new MemberAdded(NOW, new UserId("u" + number));
    }

    private static MinutesReserved reserved(String reservationId, Instant at) {
        return new MinutesReserved(
                at, new ReservationId(reservationId), Minutes.of(5), Duration.ofHours(2), at.plusSeconds(7_200), null);
    }
}
