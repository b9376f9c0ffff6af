package dev.usageledger.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;

/** One row and its commit on a pool like the service's: what the disk and the driver cost, whatever the ledger does. */
final class BareCommitWay implements Way {
    private final Database database;
    private final HikariDataSource pool;
    private long rowsBefore;

    BareCommitWay(Database database) throws Exception {
        database.empty();
        this.database = database;
        this.pool = database.pool(Database.SERVICE_CONNECTIONS);
        LegacyTables.create(database, 1);
    }

    @Override
    public Tally run(Load load) throws Exception {
        rowsBefore = LegacyTables.rows(database);
        return Clients.run(load, Thread.ofPlatform().factory(), client -> number -> insert());
    }

    private void insert() throws Exception {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(LegacyTables.INSERT)) {
                insert.setInt(1, 1);
                insert.executeUpdate();
            }
            connection.commit();
        }
    }

    @Override
    public void verify(Tally tally) throws Exception {
        LegacyTables.requireRows(database, rowsBefore + tally.acknowledged());
    }

    @Override
    public void close() {
        pool.close();
    }
}
