package dev.usageledger.api.rejections;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The newest refusals of each owner, so many of each and so many in all. One customer's storm of retries fills its own
 * share and hides nobody else's.
 */
final class Newest {
    private final int mostOfEach;
    private final int mostInAll;
    private final Map<Owner, Deque<Refused>> byOwner = new LinkedHashMap<>();
    private int size;

    Newest(int mostOfEach, int mostInAll) {
        this.mostOfEach = mostOfEach;
        this.mostInAll = mostInAll;
    }

    /** Whose surplus is one surplus: an organization's, or that of a person without one. */
    record Owner(@Nullable String organizationId, @Nullable String userId) {
        static Owner of(Refused refused) {
            return refused.organizationId() == null
                    ? new Owner(null, String.valueOf(refused.command().userId()))
                    : new Owner(refused.organizationId().value(), null);
        }
    }

    /** @return whether there is room for it, though an older one of the same owner may have had to go */
    boolean add(Refused refused) {
        Deque<Refused> own = byOwner.getOrDefault(Owner.of(refused), new ArrayDeque<>());
        if (own.size() < mostOfEach) {
            if (size == mostInAll) {
                return false;
            }
            size++;
        } else {
            own.removeFirst();
        }
        own.addLast(refused);
        byOwner.put(Owner.of(refused), own);
        return true;
    }

    Set<Owner> owners() {
        return byOwner.keySet();
    }

    /** Of each owner the oldest first. */
    List<Refused> all() {
        return byOwner.values().stream().flatMap(Collection::stream).toList();
    }

    int size() {
        return size;
    }
}
