package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.LedgerSettings;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;

/** More events in batches than may be under way, while nothing can be committed. */
@Timeout(120)
class BatchesAtOnceTest {
    private static final int BATCH = 1_000;
    /** More than a lane queues. */
    private static final int BATCHES = 20;

    private final HikariDataSource database = TestDatabase.create();

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void batches_wait_for_their_turn_and_leave_room_for_whoever_records_one() throws Exception {
        try (Service service = Service.start(database, "--ledger.http.longest-wait=100s")) {
            Client client = service.client();
            String acme = TestOrganization.opened(client, 1_000_000, "HARD");
            List<String> batches = IntStream.range(0, BATCHES)
                    .mapToObj(number -> batch(acme, number, BATCH))
                    .toList();
            List<CompletableFuture<Reply>> sent;
            CompletableFuture<Reply> one;
            try (Connection lock = locked()) {
                sent = batches.stream().map(batch -> sent(client, batch)).toList();
                int underWay = 1_048_576 / batches.getLast().length();
                await(() -> gauge(client, "ledger_batches_waiting") == BATCHES - underWay);
                one = answer(
                        () -> client.post(acme + "/transcriptions", "{\"transcriptionId\": \"one\", \"minutes\": 1}"));
                lock.commit();
            }

            sent.forEach(reply ->
                    assertThat(reply.join().is(200).number("/accepted")).isEqualTo(BATCH));
            one.join().is(200);
            assertThat(client.get(acme + "/usage").number("/usedMinutes")).isEqualTo(BATCHES * BATCH + 1);
        }
    }

    @Test
    void a_full_lane_says_so_at_once_and_what_it_has_refused_is_not_recorded() throws Exception {
        int inLane = LedgerSettings.STANDARD.batch() + LedgerSettings.STANDARD.queue();
        try (Service service = Service.start(database, "--ledger.http.batched-bytes-at-once=100000000")) {
            Client client = service.client();
            String acme = TestOrganization.opened(client, 1_000_000, "HARD");
            List<CompletableFuture<Reply>> sent = new ArrayList<>();
            try (Connection lock = locked()) {
                sent.add(sent(client, batch(acme, 0, 1)));
                await(this::isCommitting);
                // The next batch is decided meanwhile, as much as fits in; then the queue fills.
                sent.add(sent(client, batch(acme, 1, BATCH)));
                sent.add(sent(client, batch(acme, 2, BATCH)));
                await(() -> gauge(client, "ledger_lane_waiting") == 2 * BATCH - LedgerSettings.STANDARD.batch());
                IntStream.range(3, BATCHES).forEach(number -> sent.add(sent(client, batch(acme, number, BATCH))));
                await(() -> gauge(client, "ledger_lane_waiting") == LedgerSettings.STANDARD.queue());

                Reply refused = client.post(acme + "/transcriptions", "{\"transcriptionId\": \"one\", \"minutes\": 1}")
                        .isProblem(503, "overloaded");

                assertThat(refused.header("Retry-After")).contains("1");
                assertThat(refused.string("/detail")).contains("too many commands are waiting");
                lock.commit();
            }
            long accepted = sent.stream()
                    .map(CompletableFuture::join)
                    .mapToLong(
                            reply -> reply.status() == 503 ? 0 : reply.is(200).number("/accepted"))
                    .sum();
            assertThat(accepted).isEqualTo(1 + inLane);
            assertThat(client.get(acme + "/usage").number("/usedMinutes")).isEqualTo(accepted);
        }
    }

    @Test
    void who_has_waited_too_long_is_told_to_come_again_and_nothing_of_it_is_recorded() throws Exception {
        try (Service service = Service.start(
                database, "--ledger.http.longest-wait=10ms", "--ledger.http.batched-bytes-at-once=1000")) {
            Client client = service.client();
            String acme = TestOrganization.opened(client, 1_000, "HARD");
            CompletableFuture<Reply> first;
            try (Connection lock = locked()) {
                // More than there is room for, so it takes all of it.
                first = sent(client, batch(acme, 1, 10));
                await(this::isCommitting);

                Reply refused = sent(client, batch(acme, 2, 2)).join().isProblem(503, "overloaded");

                assertThat(refused.header("Retry-After")).contains("1");
                assertThat(refused.string("/detail")).contains("1000 bytes");
                client.with(Map.of("Content-Type", "application/cloudevents+json"))
                        .post("/v1/events", "{\"id\": \"alone, so it is told at once what is wrong with it\"}")
                        .is(200);
                lock.commit();
            }
            assertThat(first.join().is(200).number("/accepted")).isEqualTo(10);
            assertThat(client.get(acme + "/usage").number("/usedMinutes")).isEqualTo(10);
            assertThat(sent(client, batch(acme, 2, 2)).join().is(200).number("/accepted"))
                    .isEqualTo(2);
        }
    }

    @Test
    void what_there_is_no_memory_for_is_refused_at_once() throws Exception {
        try (Service service =
                Service.start(database, "--ledger.http.longest-wait=100s", "--ledger.http.batched-bytes-held=1000")) {
            Client client = service.client();
            String acme = TestOrganization.opened(client, 1_000, "HARD");
            CompletableFuture<Reply> first;
            try (Connection lock = locked()) {
                first = sent(client, batch(acme, 1, 10));
                await(this::isCommitting);

                Reply refused = sent(client, batch(acme, 2, 2)).join().isProblem(503, "overloaded");

                assertThat(refused.string("/detail")).contains("holds batches of 1000 bytes");
                lock.commit();
            }
            assertThat(first.join().is(200).number("/accepted")).isEqualTo(10);
            assertThat(sent(client, batch(acme, 2, 2)).join().is(200).number("/accepted"))
                    .isEqualTo(2);
        }
    }

    /** Until it is committed, no event can be stored. */
    private Connection locked() throws SQLException {
        Connection connection = database.getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE ledger.events IN EXCLUSIVE MODE");
        }
        return connection;
    }

    private boolean isCommitting() {
        return JdbcClient.create(database)
                        .sql("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ledger.events'::regclass")
                        .query(Long.class)
                        .single()
                > 0;
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static int gauge(Client client, String name) {
        return client.get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(name.length())))
                .findAny()
                .orElseThrow();
    }

    private static String batch(String organization, int number, int size) {
        return IntStream.range(0, size)
                .mapToObj(index -> """
                        {"specversion": "1.0", "type": "dev.usageledger.record-transcription", "source": "batch-%d",
                         "id": "%d", "subject": "%s", "data": {"minutes": 1}}""".formatted(number, index, TestOrganization.id(organization)))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static CompletableFuture<Reply> sent(Client client, String batch) {
        Client batches = client.with(Map.of("Content-Type", "application/cloudevents-batch+json"));
        return answer(() -> batches.post("/v1/events", batch));
    }

    private static CompletableFuture<Reply> answer(Supplier<Reply> call) {
        return CompletableFuture.supplyAsync(call, Thread::startVirtualThread).orTimeout(100, TimeUnit.SECONDS);
    }
}
