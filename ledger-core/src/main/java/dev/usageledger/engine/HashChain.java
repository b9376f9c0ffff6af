package dev.usageledger.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.usageledger.organization.OrganizationId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/**
 * Links events that are about to be stored to those before them, each organization's by themselves, so that there is no
 * lock that all share. What it remembers are links of committed events, which never change: one that another node has
 * left behind is not used, and asked for.
 */
final class HashChain {
    private final Cache<OrganizationId, Link> last;

    HashChain(long organizationsKept) {
        this.last = Caffeine.newBuilder().maximumSize(organizationsKept).build();
    }

    /** The hash of one event of an organization. */
    record Link(long sequence, EventHash hash) {
        static final Link NONE = new Link(-1, EventHash.NONE);
    }

    /** An event with its place in the chain. */
    record LinkedEvent(NewEvent event, EventHash hash) {}

    /**
     * Links events, of which those of one organization come in order.
     *
     * @throws ConcurrencyException when one does not follow what is stored
     */
    List<LinkedEvent> link(Connection connection, List<NewEvent> events) throws SQLException {
        Map<OrganizationId, Link> links = before(connection, events);
        List<LinkedEvent> linked = new ArrayList<>(events.size());
        for (NewEvent event : events) {
            OrganizationId organizationId = event.organizationId();
            EventHash hash = EventRow.hash(event.content(), previous(links.get(organizationId), event));
            links.put(organizationId, new Link(event.sequence(), hash));
            linked.add(new LinkedEvent(event, hash));
        }
        return linked;
    }

    private static EventHash previous(@Nullable Link before, NewEvent event) {
        if (before == null || before.sequence() != event.sequence() - 1) {
            throw new ConcurrencyException("event %d of %s does not follow what is stored"
                    .formatted(event.sequence(), event.organizationId()));
        }
        return before.hash();
    }

    /** What the first event of each organization follows. */
    private Map<OrganizationId, Link> before(Connection connection, List<NewEvent> events) throws SQLException {
        Map<OrganizationId, Link> links = new HashMap<>();
        Map<OrganizationId, Long> unknown = new HashMap<>();
        for (NewEvent event : events) {
            if (!links.containsKey(event.organizationId()) && !unknown.containsKey(event.organizationId())) {
                Link remembered = event.sequence() == 0 ? Link.NONE : last.getIfPresent(event.organizationId());
                if (remembered != null && remembered.sequence() == event.sequence() - 1) {
                    links.put(event.organizationId(), remembered);
                } else {
                    unknown.put(event.organizationId(), event.sequence() - 1);
                }
            }
        }
        if (!unknown.isEmpty()) {
            links.putAll(EventTable.links(connection, unknown));
        }
        return links;
    }

    /** Notes what has been committed. */
    void remember(List<LinkedEvent> committed) {
        Map<OrganizationId, Link> links = new HashMap<>();
        for (LinkedEvent linked : committed) {
            links.put(linked.event().organizationId(), new Link(linked.event().sequence(), linked.hash()));
        }
        last.putAll(links);
    }
}
