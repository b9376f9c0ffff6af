package dev.usageledger.projections.rebuild;

import static dev.usageledger.projections.rebuild.ShadowTables.execute;

import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.OrganizationRange;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.projections.processing.Projector;
import dev.usageledger.projections.processing.Token;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Tells whether the read models, and the write side's snapshots, are what all events make of them, by making them once
 * more beside the live ones. It changes nothing unless it is asked to; services may go on meanwhile.
 */
public final class Reconciliation {
    private final DataSource database;
    private final LedgerPolicy policy;
    private final int workers;
    private final Projector live;
    private final Token token;

    /** @param workers as in {@link Rebuild} */
    public Reconciliation(DataSource database, LedgerPolicy policy, int workers) {
        this.database = database;
        this.policy = policy;
        this.workers = workers;
        this.live = new Projector(policy);
        this.token = live.token();
    }

    /** What is done about differences. */
    public enum Remedy {
        NONE,
        /** The rebuilt tables take the place of the live ones, and wrong snapshots are removed. */
        REPAIR
    }

    /**
     * What a reconciliation came to.
     *
     * @param position as of which live and rebuilt were compared
     * @param differences how many rows differ
     * @param repaired whether the rebuilt tables have been put in the place of the live ones
     */
    public record Reconciled(long position, long differences, boolean repaired) {}

    /**
     * Hands over every row that differs, table by table, in order of keys.
     *
     * @throws RebuildFailedException when it cannot be done; nothing has changed then
     * @throws dev.usageledger.projections.MissingEventException when events themselves are missing
     */
    public Reconciled run(Remedy remedy, RebuildProgress progress, Consumer<Difference> found) throws SQLException {
        try (Shadow shadow = new Shadow(database, policy, table -> true)) {
            SnapshotComparison snapshots = new SnapshotComparison();
            shadow.fill(start(shadow.holder()), workers, progress, snapshots);
            long[] differences = {0};
            Consumer<Difference> counted = difference -> {
                differences[0]++;
                found.accept(difference);
            };
            long position = compare(shadow, counted);
            snapshots.differences().forEach(counted);
            boolean repair = differences[0] > 0 && remedy == Remedy.REPAIR;
            if (repair) {
                repair(shadow, snapshots);
            }
            return new Reconciled(position, differences[0], repair);
        }
    }

    private long start(Connection connection) throws SQLException {
        Optional<String> held = token.definition(connection);
        if (!held.equals(Optional.of(live.definition()))) {
            throw new RebuildFailedException(
                    "The live read models hold [%s], and [%s] cannot be compared with that. Use the version and the settings of the service, or rebuild."
                            .formatted(held.orElse("nothing"), live.definition()));
        }
        long position = Math.min(EventHistory.settled(connection), token.position(connection));
        connection.commit();
        return position;
    }

    /** One snapshot of the database has the live tables and their token as of one moment: nobody has to wait. */
    private long compare(Shadow shadow, Consumer<Difference> found) throws SQLException {
        Connection connection = shadow.holder();
        shadow.catchUpInSteps(token.position(connection));
        execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        long position = token.position(connection);
        shadow.catchUp(connection, position);
        Comparison comparison = new Comparison(ShadowTables.SCHEMA);
        byWhateverIsFast(connection);
        for (String table : shadow.tables().names()) {
            comparison.differences(connection, table, OrganizationRange.ALL, found);
        }
        connection.commit();
        return position;
    }

    /** Whole tables are compared, and the way in which they are caught up with is made for single rows. */
    private static void byWhateverIsFast(Connection connection) throws SQLException {
        execute(connection, "SET LOCAL enable_seqscan = on");
        execute(connection, "SET LOCAL enable_hashjoin = on");
        execute(connection, "SET LOCAL enable_mergejoin = on");
    }

    private void repair(Shadow shadow, SnapshotComparison snapshots) throws SQLException {
        EventHistory.removeSnapshots(shadow.holder(), snapshots.wrong());
        shadow.holder().commit();
        new Rebuild(database, policy, workers).swapIn(shadow, shadow.tables().names());
    }
}
