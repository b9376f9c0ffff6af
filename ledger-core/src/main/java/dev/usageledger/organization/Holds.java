package dev.usageledger.organization;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The open holds of an organization, oldest first, and their sum. */
public record Holds(Map<ReservationId, Hold> byId, Minutes total) {
    static final Holds NONE = new Holds(Map.of(), Minutes.ZERO);

    public Holds {
        byId = Collections.unmodifiableMap(byId);
    }

    public Collection<Hold> open() {
        return byId.values();
    }

    public @Nullable Hold find(ReservationId reservationId) {
        return byId.get(reservationId);
    }

    Optional<Hold> nextToExpire() {
        return byId.values().stream().min(Comparator.comparing(Hold::expiresAt));
    }

    /** The minutes of the holds that have not ended by then. */
    Minutes lastingBeyond(Instant at) {
        Minutes lasting = Minutes.ZERO;
        for (Hold hold : byId.values()) {
            lasting = hold.expiresAt().isAfter(at) ? lasting.plus(hold.minutes()) : lasting;
        }
        return lasting;
    }

    /** The oldest holds that together free {@code wanted} minutes; none when even all of them would not do. */
    List<ReservationId> freeing(Minutes wanted) {
        if (wanted.exceeds(total)) {
            return List.of();
        }
        List<ReservationId> chosen = new ArrayList<>();
        Minutes freed = Minutes.ZERO;
        for (Hold hold : byId.values()) {
            if (!wanted.exceeds(freed)) {
                break;
            }
            chosen.add(hold.reservationId());
            freed = freed.plus(hold.minutes());
        }
        return chosen;
    }

    Holds with(Hold hold) {
        Map<ReservationId, Hold> more = new LinkedHashMap<>(byId);
        more.put(hold.reservationId(), hold);
        return new Holds(more, total.plus(hold.minutes()));
    }

    Holds without(ReservationId reservationId) {
        Map<ReservationId, Hold> fewer = new LinkedHashMap<>(byId);
        Hold gone = fewer.remove(reservationId);
        return gone == null ? this : new Holds(fewer, total.minus(gone.minutes()));
    }
}
