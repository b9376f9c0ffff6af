package dev.usageledger.projections.rebuild;

import static dev.usageledger.projections.rebuild.ShadowTables.execute;

import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.OrganizationRange;
import dev.usageledger.engine.StoredEvent;
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
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Tells whether the read models and the snapshots of some organizations are what their events make of them. For a few at a
 * time: it replays their whole history, changes nothing that anybody else can see, and keeps nobody waiting: to a rebuild
 * it gives way.
 *
 * <p>Long histories are replayed page by page, each in a transaction of its own, so that the database can clear away dead
 * rows meanwhile, however long that takes. What has been recorded since is added as of one moment, and compared.
 */
public final class DriftCheck {
    /** Every session has its own. */
    private static final String SCHEMA = "pg_temp";

    /** So many are replayed in some hundredths of a second. */
    private static final int EVENTS_PER_PAGE = 5_000;

    /** Few, since this is done beside callers, and what is collected in memory makes every collection of it longer. */
    private static final int STEPS_PER_BATCH = 1_000;

    private final DataSource database;
    private final Projector rebuilt;
    private final Token token = new Token(Projector.LIVE);

    /** @param database gives one connection at a time */
    public DriftCheck(DataSource database, LedgerPolicy policy) {
        this.database = database;
        this.rebuilt = new Projector(SCHEMA, policy);
    }

    /** What is done after each page, outside of any transaction. */
    @FunctionalInterface
    interface Rest {
        void rest() throws InterruptedException;
    }

    /**
     * The rows of these organizations that differ; none when all is well, or when they are unknown.
     *
     * @throws RebuildUnderWayException when a rebuild or a reconciliation is at work, or the read models begin anew
     * @throws RebuildFailedException when the live tables hold another definition of the read models
     * @throws dev.usageledger.projections.MissingEventException when events themselves are missing
     */
    List<Difference> of(OrganizationRange organizations, Rest rest) throws SQLException, InterruptedException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Run run = new Run(connection, organizations)) {
                run.approach(rest);
                return run.compare();
            }
        }
    }

    private final class Run implements AutoCloseable {
        private final Connection connection;
        private final OrganizationRange organizations;
        private final SnapshotComparison snapshots = new SnapshotComparison();
        private final StepTaker seen;
        private final Replay replay;
        private long takenUpTo;

        Run(Connection connection, OrganizationRange organizations) throws SQLException {
            this.connection = connection;
            this.organizations = organizations;
            requireSameDefinition();
            for (ReadModel readModel : rebuilt.readModels()) {
                createTable(readModel.table());
            }
            emptyTables();
            this.seen = snapshots.begin(connection, organizations, Long.MAX_VALUE);
            this.replay = new Replay(rebuilt.readModels(), STEPS_PER_BATCH, work -> work.with(connection));
            connection.commit();
        }

        private void createTable(String table) throws SQLException {
            execute(connection, "SET LOCAL client_min_messages = warning");
            execute(
                    connection,
                    "CREATE TEMP TABLE IF NOT EXISTS %s (LIKE %s.%s INCLUDING GENERATED INCLUDING INDEXES)"
                            .formatted(table, Projector.LIVE, table));
        }

        private void emptyTables() throws SQLException {
            execute(connection, "SET LOCAL synchronous_commit = off");
            execute(connection, "TRUNCATE " + tables(SCHEMA));
        }

        private String tables(String schema) {
            return rebuilt.readModels().stream()
                    .map(readModel -> schema + "." + readModel.table())
                    .collect(Collectors.joining(", "));
        }

        private void requireSameDefinition() throws SQLException {
            Optional<String> held = token.definition(connection);
            if (!held.equals(Optional.of(rebuilt.definition()))) {
                throw new RebuildFailedException("The live read models hold [%s], which [%s] cannot be compared with."
                        .formatted(held.orElse("nothing"), rebuilt.definition()));
            }
        }

        /** Replays all but what has been recorded lately. */
        void approach(Rest rest) throws SQLException, InterruptedException {
            List<OrganizationId> present = EventHistory.organizations(connection, organizations);
            connection.commit();
            for (OrganizationId organization : present) {
                boolean more = takePage(organization);
                connection.commit();
                while (more) {
                    rest.rest();
                    more = takePage(organization);
                    connection.commit();
                }
            }
        }

        /** @return whether there is more that the read models have taken in */
        private boolean takePage(OrganizationId organization) throws SQLException {
            long position = position();
            List<StoredEvent> takenIn = nextPage(organization).stream()
                    .takeWhile(event -> event.position() <= position)
                    .toList();
            take(takenIn, position);
            return takenIn.size() == EVENTS_PER_PAGE;
        }

        /** How far the read models have come: never back, unless they begin anew. */
        private long position() throws SQLException {
            Shadow.requireNone(connection);
            long position = token.position(connection);
            if (position < takenUpTo) {
                throw new RebuildUnderWayException();
            }
            takenUpTo = position;
            return position;
        }

        private List<StoredEvent> nextPage(OrganizationId organization) throws SQLException {
            return EventHistory.next(connection, organization, replay.sequence(organization), EVENTS_PER_PAGE);
        }

        /** Snapshots can be ahead of the read models, so what comes after those is looked at, too. */
        private void take(List<StoredEvent> events, long position) throws SQLException {
            for (StoredEvent event : events) {
                seen.take(event.position() <= position ? replay.take(event) : replay.foresee(event));
            }
        }

        /** Replays the rest as of one moment, and sets what has come of it beside what is live. */
        List<Difference> compare() throws SQLException {
            execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            // Before it sees anything: tables that were swapped in later would be empty to it.
            execute(connection, "LOCK TABLE %s IN ACCESS SHARE MODE".formatted(tables(Projector.LIVE)));
            requireSameDefinition();
            long position = position();
            for (OrganizationId organization : EventHistory.organizations(connection, organizations)) {
                for (List<StoredEvent> page = nextPage(organization); !page.isEmpty(); page = nextPage(organization)) {
                    take(page, position);
                }
            }
            seen.finish();
            replay.finish();
            return differences();
        }

        private List<Difference> differences() throws SQLException {
            List<Difference> found = new ArrayList<>();
            Comparison comparison = new Comparison(SCHEMA);
            for (ReadModel readModel : rebuilt.readModels()) {
                comparison.differences(connection, readModel.table(), organizations, found::add);
            }
            found.addAll(snapshots.differences());
            return found;
        }

        /** Leaves no row behind: the connection, and what its tables hold, outlive this run. */
        @Override
        public void close() throws SQLException {
            connection.rollback();
            emptyTables();
            connection.commit();
        }
    }
}
