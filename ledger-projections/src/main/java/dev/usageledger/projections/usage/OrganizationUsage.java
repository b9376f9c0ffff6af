package dev.usageledger.projections.usage;

import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Keeps {@code organization_usage}. Beside its columns a row holds the organization's whole state, from which the next
 * batch goes on.
 */
public final class OrganizationUsage implements ReadModel {
    private final OrganizationUsageTable table;
    private final LedgerPolicy policy;

    public OrganizationUsage(String schema, LedgerPolicy policy) {
        this.table = new OrganizationUsageTable(schema);
        this.policy = policy;
    }

    @Override
    public String table() {
        return OrganizationUsageTable.NAME;
    }

    @Override
    public void apply(List<Step> steps, Connection connection) throws SQLException {
        Map<OrganizationId, Step> first = new LinkedHashMap<>();
        Map<OrganizationId, Step> last = new LinkedHashMap<>();
        for (Step step : steps) {
            first.putIfAbsent(step.organizationId(), step);
            last.put(step.organizationId(), step);
        }
        Map<UsageChange.Extent, List<UsageChange>> changes = first.values().stream()
                .map(step -> UsageChange.of(step, last.getOrDefault(step.organizationId(), step), policy))
                .collect(Collectors.groupingBy(UsageChange::extent));
        table.insert(connection, changes.getOrDefault(UsageChange.Extent.NEW, List.of()));
        table.update(connection, changes.getOrDefault(UsageChange.Extent.ANYTHING, List.of()));
        table.spend(connection, changes.getOrDefault(UsageChange.Extent.BASE_AND_UNCOVERED, List.of()));
    }

    @Override
    public boolean needsEveryStep() {
        return false;
    }

    /** The organizations among {@code ids} that have a row, as they stand in it. */
    public Map<OrganizationId, ProjectedOrganization> organizations(
            Connection connection, Collection<OrganizationId> ids) throws SQLException {
        return table.organizations(connection, ids);
    }
}
