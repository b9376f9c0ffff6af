package dev.usageledger.projections.rebuild;

import dev.usageledger.engine.StoredEvent;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds the events of some organizations from the first on, and writes what comes of it through the very read models
 * that the service uses. In memory are the states of these organizations and one batch, however long their history is.
 */
final class Replay {
    private final List<ReadModel> byStep;
    private final List<ReadModel> byOrganization;
    private final int stepsPerBatch;
    private final Commit commit;
    private final Map<OrganizationId, Fold> folds = new HashMap<>();
    private final List<Step> batch = new ArrayList<>();

    /** Runs work in a transaction on the tables. */
    @FunctionalInterface
    interface Commit {
        void run(Work work) throws SQLException;
    }

    /** Work in a transaction. */
    @FunctionalInterface
    interface Work {
        void with(Connection connection) throws SQLException;
    }

    /**
     * @param stepsPerBatch how many are written together: an organization comes again and again, and the more of its steps
     *     there are, the less often its rows are written
     */
    Replay(List<ReadModel> readModels, int stepsPerBatch, Commit commit) {
        this.byStep = readModels.stream().filter(ReadModel::needsEveryStep).toList();
        this.byOrganization =
                readModels.stream().filter(model -> !model.needsEveryStep()).toList();
        this.stepsPerBatch = stepsPerBatch;
        this.commit = commit;
    }

    /**
     * Takes the next event of an organization.
     *
     * @return what it makes of the organization
     * @throws dev.usageledger.projections.MissingEventException when it is not the next
     */
    Step take(StoredEvent event) throws SQLException {
        Step step = fold(event.organizationId()).next(event);
        if (!byStep.isEmpty()) {
            batch.add(step);
            if (batch.size() == stepsPerBatch) {
                write(byStep, batch);
            }
        }
        return step;
    }

    /**
     * As {@link #take}, for one that comes after all that is to be written.
     *
     * @throws dev.usageledger.projections.MissingEventException when it is not the next
     */
    Step foresee(StoredEvent event) {
        return fold(event.organizationId()).foresee(event);
    }

    /** Of the last event of an organization that it has seen; -1 when there is none. */
    long sequence(OrganizationId organizationId) {
        return fold(organizationId).sequence();
    }

    private Fold fold(OrganizationId organizationId) {
        return folds.computeIfAbsent(organizationId, id -> new Fold());
    }

    /** Writes what is not written yet. */
    void finish() throws SQLException {
        write(byStep, batch);
        for (Fold fold : folds.values()) {
            fold.addEndsTo(batch);
            if (batch.size() >= stepsPerBatch) {
                write(byOrganization, batch);
            }
        }
        write(byOrganization, batch);
    }

    private void write(List<ReadModel> readModels, List<Step> steps) throws SQLException {
        if (!steps.isEmpty()) {
            commit.run(connection -> {
                for (ReadModel readModel : readModels) {
                    readModel.apply(steps, connection);
                }
            });
            steps.clear();
        }
    }

    /** One organization, from its first event on. */
    private static final class Fold {
        private @Nullable Step first;
        private @Nullable Step last;
        private @Nullable Step foreseen;

        Step next(StoredEvent event) {
            Step step = foresee(event);
            first = first == null ? step : first;
            last = step;
            return step;
        }

        Step foresee(StoredEvent event) {
            Step before = foreseen;
            Step step = before == null
                    ? Step.of(Organization.NOT_OPENED, -1, event)
                    : Step.of(before.after(), before.sequence(), event);
            foreseen = step;
            return step;
        }

        long sequence() {
            return foreseen == null ? -1 : foreseen.sequence();
        }

        void addEndsTo(List<Step> steps) {
            if (first != null && last != null) {
                steps.add(first);
                steps.add(last);
            }
        }
    }
}
