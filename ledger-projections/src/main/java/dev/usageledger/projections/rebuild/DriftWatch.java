package dev.usageledger.projections.rebuild;

import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.OrganizationRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes round all organizations for ever, a few at a time, and tells which have drifted. It changes nothing and takes its
 * time: it rests {@link #REST} times as long as it has worked, also in the middle of a long history.
 */
public final class DriftWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);

    /** So that it takes at most a twentieth of one core, and of the database's. */
    private static final int REST = 19;

    private final DataSource database;
    private final DriftCheck check;
    private final Duration interval;
    private final int sample;
    private final InstantSource clock;
    private final Set<String> drifted = ConcurrentHashMap.newKeySet();
    private final Thread thread = Thread.ofPlatform()
            .name("drift-watch")
            .daemon()
            .priority(Thread.MIN_PRIORITY)
            .unstarted(this::goRound);
    private long woken;
    private volatile @Nullable Instant lastRun;
    private @Nullable String next;

    /**
     * @param interval from one sample to the next, or more where there is much to replay; zero means never
     * @param sample organizations at a time
     */
    public DriftWatch(DataSource database, DriftCheck check, Duration interval, int sample, InstantSource clock) {
        this.database = database;
        this.check = check;
        this.interval = interval;
        this.sample = sample;
        this.clock = clock;
    }

    /** Begins to go round. */
    public void start() {
        if (interval.isPositive()) {
            thread.start();
        }
    }

    private void goRound() {
        try {
            Thread.sleep(interval);
            while (true) {
                runOrWarn();
                rest(interval);
            }
        } catch (InterruptedException e) {
            LOG.debug("No longer looking for drift.");
        }
    }

    private void runOrWarn() throws InterruptedException {
        try {
            run();
        } catch (RebuildUnderWayException e) {
            LOG.debug("Looking for drift later. {}", e.getMessage());
        } catch (SQLException | RuntimeException e) {
            if (!thread.isInterrupted()) {
                LOG.warn("Could not look for drift; trying again later: {}", e.toString());
            }
        }
    }

    private void rest(Duration atLeast) throws InterruptedException {
        Duration worked = Duration.ofNanos(System.nanoTime() - woken);
        Duration rest = worked.multipliedBy(REST);
        Thread.sleep(rest.compareTo(atLeast) > 0 ? rest : atLeast);
        woken = System.nanoTime();
    }

    /**
     * Looks at the next organizations; at the same ones again the next time when that could not be done.
     *
     * @throws RebuildFailedException when the live tables hold another definition of the read models
     */
    void run() throws SQLException, InterruptedException {
        woken = System.nanoTime();
        OrganizationRange range = nextRange();
        List<Difference> found = check.of(range, () -> rest(Duration.ZERO));
        note(range, found);
        next = range.before();
        lastRun = clock.instant();
    }

    /** How many organizations were found to have drifted and have not been found well since. */
    public int driftedOrganizations() {
        return drifted.size();
    }

    /** When it has last looked at some; empty before the first time. */
    public Optional<Instant> lastRun() {
        return Optional.ofNullable(lastRun);
    }

    private OrganizationRange nextRange() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return EventHistory.range(connection, next, sample);
        }
    }

    private void note(OrganizationRange range, List<Difference> found) {
        var byOrganization = found.stream().collect(Collectors.groupingBy(Difference::organizationId));
        drifted.removeIf(organization -> range.contains(organization) && !byOrganization.containsKey(organization));
        byOrganization.forEach((organization, differences) -> {
            drifted.add(organization);
            LOG.warn(
                    "What is derived from the events of {} has drifted; rows that differ: {}, the first: {}",
                    organization,
                    differences.size(),
                    differences.getFirst().row());
        });
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
