package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;

/** More callers than histories that are told again at once, and none of them has patience. */
class WhatIfsAtOnceTest {
    private static final int AT_ONCE = 2;

    private final HikariDataSource database = TestDatabase.create();
    private final Service service =
            Service.start(database, "--ledger.http.longest-wait=10ms", "--ledger.http.what-ifs-at-once=" + AT_ONCE);
    private final Client client = service.client();

    @AfterEach
    void stop() {
        service.close();
        database.close();
    }

    @Test
    @Timeout(60)
    void one_too_many_is_told_to_come_again() throws SQLException {
        String acme = "/v1/organizations/acme";
        String otherwise = acme + "/what-if?includedMinutes=140";
        client.put(acme, """
                {"name": "Acme", "plan": {"code": "team", "includedMinutes": 100, "limit": "HARD"},
                 "zone": "UTC", "periodAnchor": "2026-01-31T00:00"}""").is(201);
        List<CompletableFuture<Reply>> first = new ArrayList<>();
        try (Connection locking = database.getConnection();
                Statement statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE ledger.chapters");
            for (int i = 0; i < AT_ONCE; i++) {
                first.add(CompletableFuture.supplyAsync(() -> client.get(otherwise)));
            }
            while (waiting() < AT_ONCE) {
                Thread.onSpinWait();
            }

            Reply refused = client.get(otherwise).isProblem(503, "overloaded");

            assertThat(refused.header("Retry-After")).contains("1");
            assertThat(refused.string("/detail")).contains(AT_ONCE + " histories");
            client.get(acme + "/usage").is(200);
            locking.commit();
        }
        first.forEach(reply -> reply.join().is(200));
        client.get(otherwise).is(200);
        client.get(acme + "/what-if?includedMinutes=1&from=2026-01-01T00:00:00Z")
                .isProblem(422, "before-opening");
        for (int i = 0; i <= AT_ONCE; i++) {
            client.get(otherwise).is(200);
        }
    }

    private long waiting() {
        return JdbcClient.create(database)
                .sql("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ledger.chapters'::regclass")
                .query(Long.class)
                .single();
    }
}
