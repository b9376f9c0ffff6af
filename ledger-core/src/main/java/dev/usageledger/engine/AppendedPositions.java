package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/** The positions that events of the current unit of work were given when they were appended. */
final class AppendedPositions {
    private static final String KEY = AppendedPositions.class.getName();

    private final Map<Place, Long> positions = new HashMap<>();

    private record Place(OrganizationId organizationId, long sequence) {}

    static void note(List<RecordedEvent> events) {
        AppendedPositions noted = of(CurrentUnitOfWork.get());
        for (RecordedEvent event : events) {
            noted.positions.put(new Place(event.organizationId(), event.sequence()), event.position());
        }
    }

    static AppendedPositions of(UnitOfWork<?> unitOfWork) {
        return unitOfWork.root().getOrComputeResource(KEY, key -> new AppendedPositions());
    }

    /** {@code loaded} with the position of its last event, if that is one that was appended here. */
    KnownOrganization placed(OrganizationId organizationId, KnownOrganization loaded) {
        Long position = positions.get(new Place(organizationId, loaded.sequence()));
        return position == null ? loaded : loaded.placed(position);
    }
}
