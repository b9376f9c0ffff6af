package dev.usageledger.projections.rebuild;

import static dev.usageledger.projections.rebuild.ShadowTables.execute;

import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.OrganizationRange;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.processing.Projector;
import dev.usageledger.projections.processing.Token;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Tells whether the read models and the snapshots of some organizations are what their events make of them. For a few at a
 * time: it replays their whole history, in one transaction that sees everything as of one moment, changes nothing that
 * anybody else can see, and keeps nobody waiting.
 */
public final class DriftCheck {
    /** Every session has its own. */
    private static final String SCHEMA = "pg_temp";

    private final DataSource database;
    private final Projector rebuilt;
    private final Token token = new Token(Projector.LIVE);

    public DriftCheck(DataSource database, LedgerPolicy policy) {
        this.database = database;
        this.rebuilt = new Projector(SCHEMA, policy);
    }

    /**
     * The rows of one organization that differ; none when all is well, or when it is unknown.
     *
     * @throws RebuildFailedException when the live tables hold another definition of the read models
     * @throws dev.usageledger.projections.MissingEventException when events themselves are missing
     */
    public List<Difference> of(OrganizationId organizationId) throws SQLException {
        return of(OrganizationRange.of(organizationId));
    }

    /** As {@link #of(OrganizationId)}, of all organizations in a range. */
    List<Difference> of(OrganizationRange organizations) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                List<Difference> found = compare(connection, organizations);
                connection.commit();
                return found;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private List<Difference> compare(Connection connection, OrganizationRange organizations) throws SQLException {
        execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        requireSameDefinition(connection);
        long position = token.position(connection);
        SnapshotComparison snapshots = new SnapshotComparison();
        replay(connection, organizations, position, snapshots);
        List<Difference> found = new ArrayList<>();
        Comparison comparison = new Comparison(SCHEMA);
        for (ReadModel readModel : rebuilt.readModels()) {
            comparison.differences(connection, readModel.table(), organizations, found::add);
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
            Connection connection, OrganizationRange organizations, long position, SnapshotComparison snapshots)
            throws SQLException {
        for (ReadModel readModel : rebuilt.readModels()) {
            empty(connection, readModel.table());
        }
        // Snapshots can be ahead of the read models, so what comes after is taken too, though not into tables.
        Replay recorded = new Replay(rebuilt.readModels(), work -> work.with(connection));
        Replay newer = new Replay(List.of(), work -> work.with(connection));
        StepTaker seen = snapshots.begin(connection, organizations, Long.MAX_VALUE);
        EventHistory.read(connection, organizations, Long.MAX_VALUE, EventHistory.Order.ORGANIZATION, event -> {
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
