package dev.usageledger.api.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.api.crash.Caller.Reply;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Standing;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.processing.ReadModels;
import dev.usageledger.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import org.postgresql.PGConnection;
import tools.jackson.databind.JsonNode;

/** Takes stock: whether what the callers know, the events, the balances and the read models say the same. */
final class Audit {
    private static final int CALLERS = 8;
    private static final String CALLERS_OWN_KINDS = """
            ('organization-opened', 'minutes-reserved', 'reservation-released', 'transcription-recorded',
             'transcription-corrected', 'overage-purchased', 'overage-refunded')""";

    private final Installation installation;
    private final Caller caller;
    private final Books books;
    private final List<Customer> customers;

    Audit(Installation installation, Caller caller, Books books, List<Customer> customers) {
        this.installation = installation;
        this.caller = caller;
        this.books = books;
        this.customers = customers;
    }

    void takeStock() throws Exception {
        everyCommandSentAgainIsAReplayOfTheSameEntry();
        awaitReadModels();
        try (Connection live = installation.connect(Installation.OWNER);
                HikariDataSource copy = TestDatabase.create()) {
            live.setAutoCommit(false);
            live.setReadOnly(true);
            live.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            everyCommandIsOneEvent(live);
            sequencesHaveNoGaps(live);
            theTokenStandsAtTheLastEvent(live);
            copyEvents(live, copy);
            readModelsAreWhatAReplayGives(live, copy);
            usageIsTheSumOfWhatWasAcknowledged(copy);
        }
    }

    private void everyCommandSentAgainIsAReplayOfTheSameEntry() throws Exception {
        List<Command> commands = List.copyOf(books.entries().keySet());
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<?>> shares = new ArrayList<>();
            for (int share = 0; share < CALLERS; share++) {
                int first = share;
                shares.add(callers.submit(() -> {
                    for (int i = first; i < commands.size(); i += CALLERS) {
                        sendAgain(commands.get(i));
                    }
                    return null;
                }));
            }
            for (Future<?> share : shares) {
                share.get();
            }
        }
    }

    private void sendAgain(Command command) throws InterruptedException {
        Reply reply = caller.send(command);
        assertThat(reply.json().at("/replayed").asBoolean(false))
                .as("%s sent again: %s", command, reply.json())
                .isTrue();
        books.note(command, reply);
    }

    private void awaitReadModels() throws Exception {
        long head;
        try (Connection connection = installation.connect(Installation.OWNER)) {
            head = number(connection, "SELECT max(position) FROM ledger.events");
        }
        assertThat(caller.get("/v1/organizations?limit=1&atLeast=" + head).status())
                .isEqualTo(200);
    }

    private void everyCommandIsOneEvent(Connection live) throws SQLException {
        List<String> acknowledged = books.entries().keySet().stream()
                .map(command -> "%s %s %s".formatted(command.organization(), command.kind(), command.id()))
                .sorted()
                .toList();
        List<String> recorded = texts(live, """
                SELECT concat_ws(' ', organization_id, type, CASE type
                           WHEN 'organization-opened' THEN payload ->> 'organizationId'
                           WHEN 'minutes-reserved' THEN payload ->> 'reservationId'
                           WHEN 'reservation-released' THEN payload ->> 'reservationId'
                           WHEN 'transcription-recorded' THEN payload ->> 'transcriptionId'
                           WHEN 'transcription-corrected' THEN payload ->> 'correctionId'
                           WHEN 'overage-purchased' THEN payload ->> 'purchaseId'
                           WHEN 'overage-refunded' THEN payload ->> 'refundId'
                       END)
                FROM ledger.events WHERE type IN\s""" + CALLERS_OWN_KINDS);
        assertThat(recorded.stream().sorted().toList())
                .as("what is in the ledger, each as often as it is there")
                .isEqualTo(acknowledged);
    }

    private static void sequencesHaveNoGaps(Connection live) throws SQLException {
        assertThat(texts(live, """
                        SELECT organization_id FROM ledger.events GROUP BY organization_id
                        HAVING min(sequence) <> 0 OR max(sequence) <> count(*) - 1
                        """)).isEmpty();
        assertThat(texts(live, """
                        SELECT organization_id || ' ' || sequence
                        FROM (SELECT *, lag(position) OVER stream AS position_before,
                                     lag(recorded_at) OVER stream AS recorded_before
                              FROM ledger.events WINDOW stream AS (PARTITION BY organization_id ORDER BY sequence)) AS event
                        WHERE position_before >= position OR recorded_before > recorded_at
                        """)).isEmpty();
    }

    private static void theTokenStandsAtTheLastEvent(Connection live) throws SQLException {
        assertThat(number(live, "SELECT position FROM reporting.token"))
                .isEqualTo(number(live, "SELECT max(position) FROM ledger.events"));
    }

    private static void copyEvents(Connection live, HikariDataSource copy) throws SQLException, IOException {
        ByteArrayOutputStream events = new ByteArrayOutputStream();
        live.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY ledger.events TO STDOUT", events);
        try (Connection connection = copy.getConnection()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY ledger.events FROM STDIN", new ByteArrayInputStream(events.toByteArray()));
        }
    }

    private static void readModelsAreWhatAReplayGives(Connection live, HikariDataSource copy) throws Exception {
        try (Ledger ledger = new Ledger(copy, LedgerPolicy.STANDARD);
                ReadModels readModels = new ReadModels(ledger, LedgerPolicy.STANDARD)) {
            readModels.start();
            assertThat(readModels.awaitPosition(ledger.head(), Duration.ofMinutes(2)))
                    .isTrue();
        }
        try (Connection replayed = copy.getConnection()) {
            assertThat(readModels(live)).isEqualTo(readModels(replayed));
        }
    }

    private static Map<String, List<String>> readModels(Connection connection) throws SQLException {
        Map<String, List<String>> tables = new TreeMap<>();
        for (String table : texts(connection, """
                SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'reporting' AND table_name <> 'token'
                """)) {
            tables.put(
                    table,
                    texts(
                            connection,
                            "SELECT to_jsonb(row)::text FROM reporting.%s AS row ORDER BY 1".formatted(table)));
        }
        assertThat(tables).hasSizeGreaterThanOrEqualTo(6);
        return tables;
    }

    /** Three tellings: the service's, a fresh replay of the events at the same moment, and the callers' own sum. */
    private void usageIsTheSumOfWhatWasAcknowledged(HikariDataSource copy) throws Exception {
        try (Ledger replayed = new Ledger(copy, LedgerPolicy.STANDARD)) {
            for (Customer customer : customers) {
                JsonNode usage = caller.get("/v1/organizations/" + customer.id() + "/usage")
                        .json();
                Instant asOf = Instant.parse(usage.at("/asOf").asString());
                Standing standing = replayed.standing(new OrganizationId(customer.id()), asOf)
                        .orElseThrow();
                assertIsTheBalance(usage, standing.balance());
                assertIsTheSum(usage, customer);
            }
        }
    }

    private static void assertIsTheBalance(JsonNode usage, Balance balance) {
        assertThat(List.of(
                        number(usage, "/usedMinutes"),
                        number(usage, "/heldMinutes"),
                        number(usage, "/uncoveredMinutes"),
                        number(usage, "/base/used"),
                        number(usage, "/overage/used"),
                        number(usage, "/overage/remaining")))
                .as("%s", usage)
                .isEqualTo(List.of(
                        balance.used().value(),
                        balance.held().value(),
                        balance.uncovered().value(),
                        balance.baseUsed().value(),
                        balance.overageUsed().value(),
                        balance.overageRemaining().value()));
        Minutes remaining = balance.remaining();
        assertThat(usage.at("/remainingMinutes").asString("unlimited"))
                .isEqualTo(remaining == null ? "unlimited" : remaining.toString());
    }

    private void assertIsTheSum(JsonNode usage, Customer customer) {
        assertThat(number(usage, "/usedMinutes"))
                .as("%s", usage)
                .isEqualTo(sum(customer, "transcription-recorded", entry -> number(entry, "/minutes"))
                        + sum(
                                customer,
                                "transcription-corrected",
                                entry -> number(entry, "/minutes") - number(entry, "/before")));
        assertThat(number(usage, "/overage/used") + number(usage, "/overage/remaining"))
                .as("%s", usage)
                .isEqualTo(sum(customer, "overage-purchased", entry -> number(entry, "/minutes"))
                        - sum(customer, "overage-refunded", entry -> number(entry, "/minutes")));
        if (customer.holdsFirst()) {
            assertThat(number(usage, "/uncoveredMinutes")).as("%s", usage).isZero();
        }
    }

    private long sum(Customer customer, String kind, ToLongFunction<JsonNode> minutes) {
        return books.entries().entrySet().stream()
                .filter(entry -> entry.getKey().organization().equals(customer.id())
                        && entry.getKey().kind().equals(kind))
                .mapToLong(entry -> minutes.applyAsLong(entry.getValue()))
                .sum();
    }

    private static long number(JsonNode json, String pointer) {
        JsonNode value = json.at(pointer);
        assertThat(value.isIntegralNumber()).as("%s in %s", pointer, json).isTrue();
        return value.longValue();
    }

    private static long number(Connection connection, String sql) throws SQLException {
        return Long.parseLong(texts(connection, sql).getFirst());
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
