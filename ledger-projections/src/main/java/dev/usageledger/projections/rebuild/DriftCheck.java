package dev.usageledger.projections.rebuild;

import static dev.usageledger.projections.rebuild.ShadowTables.execute;

import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.OrganizationRange;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.processing.Projector;
import dev.usageledger.projections.processing.Token;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Tells whether the read models and the snapshots of some organizations are what their events make of them. For a few at a
 * time: it replays their whole history, seeing everything as of one moment, changes nothing that anybody else can see, and
 * keeps nobody waiting: to a rebuild it gives way.
 */
public final class DriftCheck {
    /** Every session has its own. */
    private static final String SCHEMA = "pg_temp";

    /** So many are replayed in some hundredths of a second: how soon it notices a rebuild. */
    private static final int EVENTS_PER_LOOK = 5_000;

    /** Few, since this is done beside callers, and what is collected in memory makes every collection of it longer. */
    private static final int STEPS_PER_BATCH = 1_000;

    private final DataSource database;
    private final Projector rebuilt;
    private final Token token = new Token(Projector.LIVE);

    /** @param database gives two connections at a time */
    public DriftCheck(DataSource database, LedgerPolicy policy) {
        this.database = database;
        this.rebuilt = new Projector(SCHEMA, policy);
    }

    /**
     * The rows of these organizations that differ; none when all is well, or when they are unknown.
     *
     * @throws RebuildUnderWayException when a rebuild or a reconciliation is at work
     * @throws RebuildFailedException when the live tables hold another definition of the read models
     * @throws dev.usageledger.projections.MissingEventException when events themselves are missing
     */
    List<Difference> of(OrganizationRange organizations) throws SQLException {
        try (Connection comparing = database.getConnection();
                Connection reading = database.getConnection()) {
            comparing.setAutoCommit(false);
            reading.setAutoCommit(false);
            seeTheSame(comparing, reading);
            List<Difference> found = compare(comparing, reading, organizations);
            comparing.commit();
            return found;
        }
    }

    /** As of one moment, on two connections: the one that events come from can do nothing else meanwhile. */
    private void seeTheSame(Connection comparing, Connection reading) throws SQLException {
        execute(comparing, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        // Before it sees anything: tables that were swapped in later would be empty to it.
        execute(comparing, "LOCK TABLE %s IN ACCESS SHARE MODE".formatted(liveTables()));
        execute(reading, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        execute(reading, "SET TRANSACTION SNAPSHOT '%s'".formatted(exportedSnapshot(comparing)));
    }

    private String liveTables() {
        return rebuilt.readModels().stream()
                .map(readModel -> Projector.LIVE + "." + readModel.table())
                .collect(Collectors.joining(", "));
    }

    private static String exportedSnapshot(Connection connection) throws SQLException {
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("SELECT pg_export_snapshot()")) {
            row.next();
            return row.getString(1);
        }
    }

    private List<Difference> compare(Connection comparing, Connection reading, OrganizationRange organizations)
            throws SQLException {
        requireSameDefinition(comparing);
        SnapshotComparison snapshots = new SnapshotComparison();
        replay(comparing, reading, organizations, snapshots);
        List<Difference> found = new ArrayList<>();
        Comparison comparison = new Comparison(SCHEMA);
        for (ReadModel readModel : rebuilt.readModels()) {
            comparison.differences(comparing, readModel.table(), organizations, found::add);
        }
        found.addAll(snapshots.differences());
        return found;
    }

    private void requireSameDefinition(Connection connection) throws SQLException {
        Optional<String> held = token.definition(connection);
        if (!held.equals(Optional.of(rebuilt.definition()))) {
            throw new RebuildFailedException("The live read models hold [%s], which [%s] cannot be compared with."
                    .formatted(held.orElse("nothing"), rebuilt.definition()));
        }
    }

    private void replay(
            Connection comparing, Connection reading, OrganizationRange organizations, SnapshotComparison snapshots)
            throws SQLException {
        for (ReadModel readModel : rebuilt.readModels()) {
            empty(comparing, readModel.table());
        }
        long position = token.position(comparing);
        // Snapshots can be ahead of the read models, so what comes after is taken too, though not into tables.
        Replay recorded = new Replay(rebuilt.readModels(), STEPS_PER_BATCH, work -> work.with(comparing));
        Replay newer = new Replay(List.of(), STEPS_PER_BATCH, work -> work.with(comparing));
        StepTaker seen = snapshots.begin(comparing, organizations, Long.MAX_VALUE);
        long[] taken = {0};
        EventHistory.read(reading, organizations, Long.MAX_VALUE, EventHistory.Order.ORGANIZATION, event -> {
            if (taken[0]++ % EVENTS_PER_LOOK == 0) {
                Shadow.requireNone(comparing);
            }
            if (event.position() <= position) {
                recorded.take(event);
            }
            seen.take(newer.take(event));
        });
        seen.finish();
        recorded.finish();
    }

    private static void empty(Connection connection, String table) throws SQLException {
        execute(connection, "SET LOCAL client_min_messages = warning");
        execute(
                connection,
                "CREATE TEMP TABLE IF NOT EXISTS %s (LIKE %s.%s INCLUDING GENERATED INCLUDING INDEXES) ON COMMIT DELETE ROWS"
                        .formatted(table, Projector.LIVE, table));
    }
}
