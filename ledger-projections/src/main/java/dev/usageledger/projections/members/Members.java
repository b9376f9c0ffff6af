package dev.usageledger.projections.members;

import dev.usageledger.organization.OrganizationEvent.MemberAdded;
import dev.usageledger.organization.OrganizationEvent.MemberRemoved;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps {@code members}: a person added again is a member from then on. */
public final class Members implements ReadModel {
    private final MemberTable table;

    public Members(String schema) {
        this.table = new MemberTable(schema);
    }

    @Override
    public String table() {
        return MemberTable.NAME;
    }

    @Override
    public void apply(List<Step> steps, Connection connection) throws SQLException {
        Map<Key, MemberRow> added = new LinkedHashMap<>();
        Map<Key, Instant> removed = new LinkedHashMap<>();
        for (Step step : steps) {
            if (step.event() instanceof MemberAdded e) {
                Key key = new Key(step.organizationId(), e.userId());
                added.put(key, row(key, step.position(), e.recordedAt()));
                removed.remove(key);
            } else if (step.event() instanceof MemberRemoved e) {
                removed.put(new Key(step.organizationId(), e.userId()), e.recordedAt());
            }
        }
        table.add(connection, added.values());
        table.remove(connection, removed);
    }

    private static MemberRow row(Key key, long position, Instant since) {
        return new MemberRow(key.organizationId().value(), key.userId().value(), position, since, null);
    }

    record Key(OrganizationId organizationId, UserId userId) {}
}
