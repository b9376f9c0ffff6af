package dev.usageledger.projections.periods;

import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Keeps {@code billing_periods}: statements, in the numbers that the domain keeps of each period. */
public final class BillingPeriods implements ReadModel {
    private final BillingPeriodTable table;

    public BillingPeriods(String schema) {
        this.table = new BillingPeriodTable(schema);
    }

    @Override
    public String table() {
        return BillingPeriodTable.NAME;
    }

    @Override
    public void apply(List<Step> steps, Connection connection) throws SQLException {
        Map<Key, StatementChange> changes = new LinkedHashMap<>();
        for (Step step : steps) {
            for (StatementChange change : StatementChange.of(step)) {
                Key key = new Key(
                        change.organizationId(), change.account().period().index());
                changes.merge(key, change, StatementChange::then);
            }
        }
        Map<StatementChange.Extent, List<StatementChange>> byExtent =
                changes.values().stream().collect(Collectors.groupingBy(StatementChange::extent));
        // First what closes statements, then what opens them: only one of an organization may be open.
        table.update(connection, byExtent.getOrDefault(StatementChange.Extent.ANYTHING, List.of()));
        table.charge(connection, byExtent.getOrDefault(StatementChange.Extent.CHARGES, List.of()));
        table.insert(connection, byExtent.getOrDefault(StatementChange.Extent.NEW, List.of()));
    }

    private record Key(String organizationId, long periodIndex) {}
}
