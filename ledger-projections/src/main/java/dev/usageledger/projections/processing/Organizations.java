package dev.usageledger.projections.processing;

import dev.usageledger.engine.RecordedEvent;
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
    private Token.Place keptAsOf = Token.Place.START;

    Organizations(OrganizationUsage rows) {
        this.rows = rows;
    }

    /**
     * What each event of a batch makes of its organization.
     *
     * @param place up to where the read models contain everything before the batch
     * @throws dev.usageledger.projections.MissingEventException when an event is missing before one of these
     */
    List<Step> steps(List<RecordedEvent> batch, Token.Place place, Connection connection) throws SQLException {
        // Anything else means that a batch was rolled back here, that another node has been at work, or that rebuilt
        // tables
        // have taken the place of those the memory is of.
        if (!keptAsOf.equals(place)) {
            kept.clear();
        }
        Map<OrganizationId, ProjectedOrganization> current = current(batch, connection);
        List<Step> steps = new ArrayList<>(batch.size());
        for (RecordedEvent event : batch) {
            ProjectedOrganization known = current.getOrDefault(event.organizationId(), ProjectedOrganization.NOTHING);
            Step step = Step.of(known.organization(), known.lastSequence(), event.stored());
            current.put(event.organizationId(), new ProjectedOrganization(step.after(), event.sequence()));
            steps.add(step);
        }
        kept.putAll(current);
        keptAsOf = place.at(batch.getLast().position());
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
}
