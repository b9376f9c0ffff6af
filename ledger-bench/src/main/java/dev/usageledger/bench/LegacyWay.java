package dev.usageledger.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The way that the ledger replaces, without any HTTP: insert a row, update the counter, commit, with prepared
 * statements. It finds no usage that is sent twice, and keeps no history of why.
 */
final class LegacyWay implements Way {
    /** The server takes 100 connections; more clients than this share them, as they would behind any pool. */
    private static final int MOST_CONNECTIONS = 90;

    private final Database database;
    private final HikariDataSource pool;
    private long rowsBefore;
    private long countedBefore;

    LegacyWay(Database database, int organizations) throws Exception {
        database.empty();
        this.database = database;
        this.pool = database.pool(MOST_CONNECTIONS);
        LegacyTables.create(database, organizations);
    }

    @Override
    public Tally run(Load load) throws Exception {
        rowsBefore = LegacyTables.rows(database);
        countedBefore = LegacyTables.counted(database);
        return Clients.run(load, Thread.ofPlatform().factory(), client -> number -> record(organization(load)));
    }

    private static int organization(Load load) {
        return load.shape() == Shape.HOT ? 1 : ThreadLocalRandom.current().nextInt(load.organizations()) + 1;
    }

    private void record(int organization) throws Exception {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, LegacyTables.INSERT, organization);
            execute(connection, LegacyTables.COUNT, organization);
            connection.commit();
        }
    }

    private static void execute(Connection connection, String sql, int organization) throws Exception {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, organization);
            statement.executeUpdate();
        }
    }

    @Override
    public void verify(Tally tally) throws Exception {
        LegacyTables.requireRows(database, rowsBefore + tally.acknowledged());
        long counted = LegacyTables.counted(database) - countedBefore;
        if (counted != Commands.MINUTES * tally.acknowledged()) {
            throw new BenchmarkFailedException("%d minutes were acknowledged, %d are counted"
                    .formatted(Commands.MINUTES * tally.acknowledged(), counted));
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
