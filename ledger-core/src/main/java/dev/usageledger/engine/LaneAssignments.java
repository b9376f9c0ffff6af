package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which lane an organization belongs to: the same as long as commands of it are under way, so that nobody else on this
 * node decides about it meanwhile. Whoever has none under way goes to the first lane, where most commands share a commit,
 * unless too many wait there already; then to the one where the fewest do.
 */
final class LaneAssignments {
    private final List<Lane> lanes;
    private final int crowd;
    private final Map<OrganizationId, Assignment> underWay = new ConcurrentHashMap<>();

    private record Assignment(Lane lane, int commands) {
        Assignment with(int more) {
            return new Assignment(lane, commands + more);
        }
    }

    /** @param crowd how many commands have to wait in the first lane for others to be made use of */
    LaneAssignments(List<Lane> lanes, int crowd) {
        this.lanes = lanes;
        this.crowd = crowd;
    }

    /** The lane for one more command of the organization, which is under way from here on until it is answered. */
    Lane begin(OrganizationId organizationId) {
        return underWay.compute(
                        organizationId, (id, current) -> current == null ? new Assignment(next(), 1) : current.with(1))
                .lane();
    }

    /** A command of the organization has been answered; what was committed for it is known to all lanes. */
    void end(OrganizationId organizationId) {
        underWay.computeIfPresent(organizationId, (id, current) -> current.commands() == 1 ? null : current.with(-1));
    }

    private Lane next() {
        Lane first = lanes.getFirst();
        return first.waiting() < crowd ? first : Collections.min(lanes, Comparator.comparingInt(Lane::waiting));
    }
}
