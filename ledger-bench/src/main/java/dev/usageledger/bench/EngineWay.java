package dev.usageledger.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.engine.LaneMetrics;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.LedgerSettings;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.projections.processing.ReadModels;
import java.util.concurrent.ThreadLocalRandom;

/** The ledger inside this process, with read models that follow it as they do in the service. */
final class EngineWay implements Way {
    private final Database database;
    private final HikariDataSource pool;
    private final Ledger ledger;
    private final ReadModels readModels;
    private long headBefore;

    EngineWay(Database database, LedgerSettings settings) {
        this.database = database;
        this.pool = database.pool(Database.SERVICE_CONNECTIONS);
        this.ledger = new Ledger(pool, LedgerPolicy.STANDARD, settings, LaneMetrics.NONE);
        this.readModels = new ReadModels(ledger, LedgerPolicy.STANDARD);
        readModels.start();
    }

    /** Opens all organizations that loads use. */
    static void openOrganizations(Database database, int spread) throws Exception {
        try (HikariDataSource pool = database.pool(Database.SERVICE_CONNECTIONS);
                Ledger ledger = new Ledger(pool, LedgerPolicy.STANDARD)) {
            Commands.sendAll(ledger, spread, number -> Commands.open(Shape.SPREAD.organization((int) number)));
            Commands.sendAll(ledger, 1, number -> Commands.open(Shape.HOT.organization(0)));
        }
    }

    @Override
    public Tally run(Load load) throws Exception {
        headBefore = database.head();
        return Clients.run(
                load,
                Thread.ofVirtual().factory(),
                client -> number -> Commands.send(
                        ledger, Commands.record(organization(load), load.transcriptionId(client, number))));
    }

    private static String organization(Load load) {
        return load.shape().organization(ThreadLocalRandom.current().nextInt(load.organizations()));
    }

    @Override
    public void verify(Tally tally) throws Exception {
        ExactlyOnce.check(tally, database, headBefore);
    }

    Ledger ledger() {
        return ledger;
    }

    @Override
    public void close() {
        readModels.close();
        ledger.close();
        pool.close();
    }
}
