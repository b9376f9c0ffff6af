package dev.usageledger.projections.rebuild;

import static dev.usageledger.projections.rebuild.ShadowTables.execute;

import dev.usageledger.engine.EventHistory;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.processing.Projector;
import dev.usageledger.projections.processing.Token;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Builds read models anew from all events and puts them in the place of the live ones, also while services write and
 * dashboards read.
 *
 * <p>What it guarantees: whoever reads finds the former tables or the new ones, complete, and as far along as the token
 * says; no event is missed and none counts twice. Whatever ends it before the swap, {@code kill -9} included, leaves the
 * live tables as they were, and the next attempt begins anew. Commands never wait for it.
 */
public final class Rebuild {
    private static final Duration PATIENCE_FOR_READERS = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final String LOCK_TIMEOUT = "300ms";
    private static final Set<String> LOCK_NOT_GOT = Set.of("55P03", "40P01");

    /** So far behind, a shadow is brought along before anybody is kept waiting for the rest. */
    private static final long CLOSE_ENOUGH = 2_000;

    private final DataSource database;
    private final LedgerPolicy policy;
    private final int workers;
    private final Projector live;
    private final Token token;

    /** @param workers how many organizations are folded at a time; each takes two connections, and one is needed besides */
    public Rebuild(DataSource database, LedgerPolicy policy, int workers) {
        this.database = database;
        this.policy = policy;
        this.workers = workers;
        this.live = new Projector(policy);
        this.token = live.token();
    }

    /**
     * What a rebuild came to.
     *
     * @param tables that were swapped
     * @param position up to which they contained everything when they were
     */
    public record Rebuilt(List<String> tables, long position) {}

    /** Names of all read models' tables. */
    public List<String> tables() {
        return live.readModels().stream().map(ReadModel::table).toList();
    }

    /**
     * Rebuilds read models and swaps them in.
     *
     * @param chosen tables of {@link #tables()}; empty means all
     * @throws RebuildFailedException when it cannot be done; nothing has changed then
     * @throws dev.usageledger.projections.MissingEventException when events themselves are missing
     */
    public Rebuilt run(Collection<String> chosen, RebuildProgress progress) throws SQLException {
        List<String> wanted = chosen.isEmpty()
                ? tables()
                : tables().stream().filter(chosen::contains).toList();
        requireKnown(chosen);
        boolean all = wanted.size() == tables().size();
        try (Shadow shadow = new Shadow(database, policy, wanted::contains)) {
            shadow.fill(start(shadow.holder(), all), workers, progress, StepTaker.PerRange.NONE);
            return new Rebuilt(wanted, swapIn(shadow, wanted));
        }
    }

    private void requireKnown(Collection<String> chosen) {
        chosen.stream().filter(table -> !tables().contains(table)).findFirst().ifPresent(unknown -> {
            throw new RebuildFailedException("There is no projection %s. Those that can be rebuilt are: %s."
                    .formatted(unknown, String.join(", ", tables())));
        });
    }

    /** Up to where to replay: everything, unless tables that are left alone are not as far yet. */
    private long start(Connection connection, boolean all) throws SQLException {
        Optional<String> held = token.definition(connection);
        boolean same = held.equals(Optional.of(live.definition()));
        if (!same && !all) {
            throw new RebuildFailedException(
                    "The other projections hold [%s] and not [%s]. Rebuild all of them, or with the settings of the service."
                            .formatted(held.orElse("nothing"), live.definition()));
        }
        if (!same && token.isClaimed(connection)) {
            throw new RebuildFailedException(
                    "A running service keeps the projections as [%s], and this would make them [%s]. Rebuild with the settings of the service, or stop it."
                            .formatted(held.orElse("nothing"), live.definition()));
        }
        long position = all ? EventHistory.settled(connection) : token.position(connection);
        connection.commit();
        return position;
    }

    /** Puts a filled shadow in the place of the live tables. */
    long swapIn(Shadow shadow, List<String> wanted) throws SQLException {
        Connection connection = shadow.holder();
        long deadline = System.nanoTime() + PATIENCE_FOR_READERS.toNanos();
        while (true) {
            approach(shadow);
            try {
                execute(connection, "SET LOCAL lock_timeout = '%s'".formatted(LOCK_TIMEOUT));
                long position = swap(shadow, wanted);
                connection.commit();
                return position;
            } catch (SQLException e) {
                connection.rollback();
                requirePatience(e, deadline);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static void requirePatience(SQLException failure, long deadline) throws SQLException {
        if (!LOCK_NOT_GOT.contains(failure.getSQLState())) {
            throw failure;
        }
        if (System.nanoTime() > deadline) {
            throw new RebuildFailedException(
                    "Somebody has been reading the projections for %d minutes without a pause. Nothing has been changed; try again when that query is done."
                            .formatted(PATIENCE_FOR_READERS.toMinutes()),
                    failure);
        }
    }

    /** Comes close to where the live tables are while those go on, so that they wait only for the rest. */
    private void approach(Shadow shadow) throws SQLException {
        Connection connection = shadow.holder();
        long behind;
        do {
            long target = token.position(connection);
            behind = target - shadow.position(connection);
            connection.commit();
            shadow.catchUpInSteps(target);
        } while (behind > CLOSE_ENOUGH);
    }

    private long swap(Shadow shadow, List<String> wanted) throws SQLException {
        Connection connection = shadow.holder();
        // From here on nobody moves the token, or writes to the live tables.
        String held = token.define(connection, live.definition()).orElse(live.definition());
        long position = Math.max(shadow.position(connection), reached(connection, held));
        shadow.catchUp(connection, position);
        shadow.tables().swap(connection, wanted);
        token.replace(connection, live.definition(), position);
        // What was lost in a crash would be lost with the former tables gone.
        execute(connection, "SET LOCAL synchronous_commit = on");
        return position;
    }

    /** How far the live tables have come, if what they hold is the same. */
    private long reached(Connection connection, String held) throws SQLException {
        return held.equals(live.definition()) ? token.position(connection) : 0;
    }
}
