package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.*;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.PlanChangeId;
import dev.usageledger.organization.Price;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.RefundId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import dev.usageledger.testing.TestDatabase;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/events.md} tells what is in the table, so it is held to what is. */
class EventsPageTest {
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final String PAGE = page();

    private static HikariDataSource database;
    private static List<Row> rows;

    private record Row(String type, String printed) {}

    /** The worked history of the rules, with what it takes to see every kind of event. */
    @BeforeAll
    static void tell() {
        database = TestDatabase.create();
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            send(ledger, "admin", null, open("2026-02-01T09:00:00Z"));
            send(ledger, "admin", null, new AddMember(ACME, at("2026-02-01T09:00:12.345678Z"), new UserId("u1")));
            send(ledger, "pipeline", null, record("2026-02-01T10:00:00Z", "t1", 60, null, null));
            send(ledger, "billing", null, purchase("2026-02-02T10:00:00Z", "p1", 50, "2026-03-20T00:00:00Z"));
            send(ledger, "pipeline", null, reserve("2026-02-03T10:00:00Z", "r1", 70));
            send(ledger, "pipeline", null, record("2026-02-03T10:40:00Z", "t2", 55, "2026-02-03T10:02:00Z", "r1"));
            send(ledger, "pipeline", null, record("2026-02-04T10:00:00Z", "t3", 10, null, null));
            send(ledger, "support", "silence at the end, ticket 4711", correct("2026-02-05T10:00:00Z", "c1", "t1", 50));
            send(ledger, "pipeline", null, reserve("2026-02-05T11:00:00Z", "r2", 20));
            send(
                    ledger,
                    "pipeline",
                    null,
                    new ReleaseReservation(ACME, at("2026-02-05T11:05:00Z"), new ReservationId("r2")));
            send(ledger, "pipeline", null, reserve("2026-02-06T10:00:00Z", "r3", 5));
            send(ledger, "scheduler", null, new RollBillingPeriod(ACME, at("2026-02-06T12:00:05Z")));
            send(ledger, "admin", null, new RemoveMember(ACME, at("2026-02-07T10:00:00Z"), new UserId("u1")));
            send(ledger, "billing", null, change("2026-02-10T10:00:00Z", "x1", 200, Effective.NEXT_PERIOD));
            send(ledger, "billing", null, purchase("2026-02-11T10:00:00Z", "p2", 30, null));
            send(
                    ledger,
                    "billing",
                    "bought twice",
                    new RefundOverage(
                            ACME, at("2026-02-11T10:05:00Z"), new RefundId("f1"), new PurchaseId("p2"), null));
            send(ledger, "scheduler", null, new RollBillingPeriod(ACME, at("2026-02-28T00:00:05Z")));
            send(ledger, "scheduler", null, new RollBillingPeriod(ACME, at("2026-03-20T00:00:05Z")));
            send(ledger, "billing", null, change("2026-03-21T10:00:00Z", "x2", 300, Effective.NOW));
        }
        rows = rows();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void every_kind_of_event_is_told_of_with_its_revision_and_its_fields() {
        for (EventCodec.Kind kind : EventCodec.kinds()) {
            assertThat(section(kind)).as(kind.name()).contains("Revision " + kind.revision() + ".");
            for (RecordComponent field : kind.eventClass().getRecordComponents()) {
                if (!field.getName().equals("recordedAt")) {
                    assertThat(section(kind)).as(kind.name()).contains("| `" + field.getName() + "` |");
                }
            }
        }
    }

    @Test
    void every_part_of_a_field_is_told_of() {
        String shapes = between("## Shapes", "\n## ");
        for (Class<?> shape : shapes()) {
            for (RecordComponent part : shape.getRecordComponents()) {
                assertThat(shapes).as(shape.getSimpleName()).contains("`" + part.getName() + "`");
            }
        }
    }

    @Test
    void the_rows_shown_are_rows_that_the_ledger_stores() {
        for (EventCodec.Kind kind : EventCodec.kinds()) {
            List<String> stored = rows.stream()
                    .filter(row -> row.type().equals(kind.name()))
                    .map(Row::printed)
                    .toList();
            assertThat(blocks("text", section(kind))).as(kind.name()).hasSize(1).isSubsetOf(stored);
        }
    }

    @Test
    void every_column_is_told_of() {
        String columns = between("## The table", "\n## ");
        query("SELECT * FROM ledger.events LIMIT 1", row -> {
            ResultSetMetaData table = row.getMetaData();
            for (int i = 1; i <= table.getColumnCount(); i++) {
                assertThat(columns).contains("| `" + table.getColumnName(i) + "` |");
            }
        });
    }

    @Test
    void every_kind_of_identity_is_told_of() {
        String ids = between("## Event ids", "\n## ");
        for (RecordedEvent event : stored()) {
            String kind = event.event().identity() == null
                    ? "sequence"
                    : event.event().identity().kind();
            assertThat(ids).contains("| `" + kind + "` |");
        }
    }

    @Test
    void the_query_that_derives_an_id_comes_to_the_one_that_is_stored() {
        String derivation = blocks("sql", between("## Event ids", "\n## ")).getFirst();

        query(
                derivation,
                row -> assertThat(row.getString(1))
                        .isEqualTo(EventId.of(
                                        ACME,
                                        record("2026-02-01T10:00:00Z", "t1", 60, null, null)
                                                .identity())
                                .toString()));
    }

    @Test
    void the_queries_shown_run() {
        for (String sql : blocks("sql", PAGE)) {
            query(sql, row -> assertThat(row.getMetaData().getColumnCount()).isPositive());
        }
    }

    private static String section(EventCodec.Kind kind) {
        return between("\n### " + kind.name() + "\n", "\n### ");
    }

    private static String between(String start, String end) {
        int from = PAGE.indexOf(start);
        assertThat(from).as("the page has %s", start.strip()).isNotNegative();
        int to = PAGE.indexOf(end, from + start.length());
        return PAGE.substring(from, to < 0 ? PAGE.length() : to);
    }

    private static List<String> blocks(String language, String text) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    /** The records that fields of events consist of. */
    private static Set<Class<?>> shapes() {
        Set<Class<?>> shapes = new LinkedHashSet<>();
        EventCodec.kinds().forEach(kind -> collectShapes(kind.eventClass(), shapes));
        shapes.removeAll(
                EventCodec.kinds().stream().map(EventCodec.Kind::eventClass).collect(Collectors.toSet()));
        return shapes;
    }

    private static void collectShapes(Type type, Set<Class<?>> shapes) {
        if (type instanceof ParameterizedType list) {
            collectShapes(list.getActualTypeArguments()[0], shapes);
        } else if (type instanceof Class<?> shape
                && shape.isRecord()
                && shape.getRecordComponents().length > 1
                && shapes.add(shape)) {
            Arrays.stream(shape.getRecordComponents()).forEach(part -> collectShapes(part.getGenericType(), shapes));
        }
    }

    /** As {@code psql -xt} prints them. */
    private static List<Row> rows() {
        List<Row> printed = new ArrayList<>();
        query("SELECT * FROM ledger.events ORDER BY position", row -> {
            ResultSetMetaData table = row.getMetaData();
            StringBuilder text = new StringBuilder();
            for (int i = 1; i <= table.getColumnCount(); i++) {
                text.append("%-15s | %s%n".formatted(table.getColumnName(i), row.getString(i)));
            }
            printed.add(new Row(row.getString("type"), text.toString()));
        });
        return printed;
    }

    private static List<RecordedEvent> stored() {
        return new JdbcTransactions(database).call(connection -> EventTable.after(connection, 0, 100));
    }

    private interface Reading {
        void of(ResultSet row) throws SQLException;
    }

    private static void query(String sql, Reading each) {
        new JdbcTransactions(database).run(connection -> {
            try (Statement query = connection.createStatement()) {
                query.execute("SET LOCAL TIME ZONE 'UTC'");
                try (ResultSet row = query.executeQuery(sql)) {
                    while (row.next()) {
                        each.of(row);
                    }
                }
            }
        });
    }

    private static String page() {
        try {
            return Files.readString(Path.of("..", "docs", "events.md"));
        } catch (IOException e) {
            throw new IllegalStateException("docs/events.md is looked for beside the module", e);
        }
    }

    private static void send(Ledger ledger, String actor, String reason, OrganizationCommand command) {
        String request = "req-" + command.receivedAt().toString().replaceAll("[^0-9]", "");
        assertThat(ledger.send(command, new Origin(actor, request, reason)).join())
                .isInstanceOf(Answer.Done.class);
    }

    private static Instant at(String moment) {
        return Instant.parse(moment);
    }

    private static OpenOrganization open(String moment) {
        return new OpenOrganization(
                ACME, at(moment), "Acme", plan(100), ZoneOffset.UTC, LocalDateTime.parse("2026-01-31T00:00:00"));
    }

    private static Plan plan(long included) {
        return new Plan("team-" + included, Minutes.of(included), Plan.Limit.HARD);
    }

    private static ChangePlan change(String moment, String id, long included, Effective effective) {
        return new ChangePlan(ACME, at(moment), new PlanChangeId(id), plan(included), effective);
    }

    private static ReserveMinutes reserve(String moment, String id, long minutes) {
        return new ReserveMinutes(
                ACME,
                at(moment),
                new ReservationId(id),
                Minutes.of(minutes),
                ReserveMinutes.DEFAULT_TTL,
                new UserId("u1"));
    }

    private static RecordTranscription record(
            String moment, String id, long minutes, String occurredAt, String reservation) {
        return new RecordTranscription(
                ACME,
                at(moment),
                new TranscriptionId(id),
                Minutes.of(minutes),
                minutes * 60 - 7,
                occurredAt == null ? null : at(occurredAt),
                new UserId("u1"),
                reservation == null ? null : new ReservationId(reservation),
                OnInsufficient.RECORD);
    }

    private static CorrectTranscription correct(String moment, String id, String transcription, long minutes) {
        return new CorrectTranscription(
                ACME,
                at(moment),
                new CorrectionId(id),
                new TranscriptionId(transcription),
                Minutes.of(minutes),
                "10 minutes of silence");
    }

    private static PurchaseOverage purchase(String moment, String id, long minutes, String expiresAt) {
        return new PurchaseOverage(
                ACME,
                at(moment),
                new PurchaseId(id),
                Minutes.of(minutes),
                expiresAt == null ? null : at(expiresAt),
                new Price(new BigDecimal("9.90"), "EUR"));
    }
}
