package dev.usageledger.projections.processing;

import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.Step;
import dev.usageledger.projections.usage.OrganizationUsage;
import dev.usageledger.projections.usage.ProjectedOrganization;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Organizations as far as the read models have come: read from their rows, and those used last kept in memory for as
 * long as nobody else has moved the token in between. For one thread at a time.
 */
final class Organizations {
    private static final int MOST_KEPT = 20_000;

    private final OrganizationUsage rows;
    private final Map<OrganizationId, ProjectedOrganization> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<OrganizationId, ProjectedOrganization> eldest) {
            return size() > MOST_KEPT;
        }
    };
    private long keptAsOf;

    Organizations(OrganizationUsage rows) {
        this.rows = rows;
    }

    /**
     * What each event of a batch makes of its organization.
     *
     * @param position of the last event before the batch that the read models contain
     * @throws IllegalStateException when an event is missing before one of these
     */
    List<Step> steps(List<RecordedEvent> batch, long position, Connection connection) throws SQLException {
        // Anything else means that a batch was rolled back here, or that another node has been at work.
        if (keptAsOf != position) {
            kept.clear();
        }
        Map<OrganizationId, ProjectedOrganization> current = current(batch, connection);
        List<Step> steps = new ArrayList<>(batch.size());
        for (RecordedEvent event : batch) {
            Step step = step(current.getOrDefault(event.organizationId(), ProjectedOrganization.NOTHING), event);
            current.put(event.organizationId(), new ProjectedOrganization(step.after(), event.sequence()));
            steps.add(step);
        }
        kept.putAll(current);
        keptAsOf = batch.getLast().position();
        return steps;
    }

    private Map<OrganizationId, ProjectedOrganization> current(List<RecordedEvent> batch, Connection connection)
            throws SQLException {
        Map<OrganizationId, ProjectedOrganization> current = new LinkedHashMap<>();
        Set<OrganizationId> missing = new LinkedHashSet<>();
        for (RecordedEvent event : batch) {
            ProjectedOrganization known = kept.get(event.organizationId());
            if (known == null) {
                missing.add(event.organizationId());
            } else {
                current.put(event.organizationId(), known);
            }
        }
        if (!missing.isEmpty()) {
            current.putAll(rows.organizations(connection, missing));
        }
        return current;
    }

    private static Step step(ProjectedOrganization known, RecordedEvent event) {
        if (event.sequence() != known.lastSequence() + 1) {
            throw new IllegalStateException("event %d of organization %s follows event %d: one is missing"
                    .formatted(event.sequence(), event.organizationId(), known.lastSequence()));
        }
        Open after = (Open) OrganizationDecider.evolve(known.organization(), event.event());
        return new Step(event, known.organization(), after);
    }
}
