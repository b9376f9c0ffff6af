package dev.usageledger.projections.rebuild;

import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.OrganizationCodec;
import dev.usageledger.engine.OrganizationRange;
import dev.usageledger.engine.Snapshot;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.Step;
import dev.usageledger.projections.rebuild.Difference.Column;
import dev.usageledger.projections.rebuild.Difference.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sets the write side's snapshots beside a replay, each at the event that it was taken at. A wrong one would lead to wrong
 * decisions, and no event would show it. Those taken after the replay began are not looked at.
 */
final class SnapshotComparison implements StepTaker.PerRange {
    private static final String TABLE = "ledger.snapshots";

    private final ConcurrentLinkedQueue<Found> found = new ConcurrentLinkedQueue<>();

    private record Found(Snapshot snapshot, Difference difference) {}

    @Override
    public StepTaker begin(Connection connection, OrganizationRange organizations, long position) throws SQLException {
        return new OfRange(EventHistory.snapshots(connection, organizations, position));
    }

    List<Difference> differences() {
        return found.stream()
                .map(Found::difference)
                .sorted(Comparator.comparing(Difference::organizationId))
                .toList();
    }

    /** Those that differ, to be removed. */
    List<Snapshot> wrong() {
        return found.stream().map(Found::snapshot).toList();
    }

    private final class OfRange implements StepTaker {
        private final Map<OrganizationId, Snapshot> unseen;

        OfRange(Map<OrganizationId, Snapshot> snapshots) {
            this.unseen = snapshots;
        }

        @Override
        public void take(Step step) {
            Snapshot snapshot = unseen.get(step.organizationId());
            if (snapshot != null && snapshot.sequence() == step.sequence()) {
                unseen.remove(step.organizationId());
                compare(snapshot, step);
            }
        }

        private void compare(Snapshot snapshot, Step step) {
            List<Column> columns = new ArrayList<>();
            if (snapshot.position() != step.position()) {
                columns.add(
                        new Column("position", String.valueOf(snapshot.position()), String.valueOf(step.position())));
            }
            if (!snapshot.organization().equals(step.after())) {
                columns.add(new Column(
                        "state",
                        OrganizationCodec.json(snapshot.organization()),
                        OrganizationCodec.json(step.after())));
            }
            if (!columns.isEmpty()) {
                add(snapshot, Kind.CHANGED, columns);
            }
        }

        /** A snapshot of an event that there is not should not be there. */
        @Override
        public void finish() {
            unseen.values()
                    .forEach(snapshot -> add(
                            snapshot,
                            Kind.EXTRA,
                            List.of(new Column("sequence", String.valueOf(snapshot.sequence()), null))));
        }

        private void add(Snapshot snapshot, Kind kind, List<Column> columns) {
            Map<String, String> key =
                    Map.of("organization_id", snapshot.organizationId().value());
            found.add(new Found(snapshot, new Difference(TABLE, key, kind, columns)));
        }
    }
}
