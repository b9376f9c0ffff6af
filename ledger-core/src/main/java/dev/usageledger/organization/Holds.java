package dev.usageledger.organization;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The open holds of an organization, first to expire first, and their sum. */
public final class Holds {
    public static final Holds NONE = new Holds(PersistentMap.empty(), PersistentMap.empty(), Minutes.ZERO);

    private final PersistentMap<ReservationId, Hold> byId;
    private final PersistentMap<Expiry, Hold> byExpiry;
    private final Minutes total;

    private record Expiry(Instant at, ReservationId reservationId) implements Comparable<Expiry> {
        static Expiry of(Hold hold) {
            return new Expiry(hold.expiresAt(), hold.reservationId());
        }

        @Override
        public int compareTo(Expiry other) {
            int order = at.compareTo(other.at);
            return order != 0 ? order : reservationId.compareTo(other.reservationId);
        }
    }

    private Holds(PersistentMap<ReservationId, Hold> byId, PersistentMap<Expiry, Hold> byExpiry, Minutes total) {
        this.byId = byId;
        this.byExpiry = byExpiry;
        this.total = total;
    }

    public static Holds of(Collection<Hold> open) {
        Holds holds = NONE;
        for (Hold hold : open) {
            holds = holds.with(hold);
        }
        return holds;
    }

    /** First to expire first. */
    public List<Hold> open() {
        List<Hold> open = new ArrayList<>(byExpiry.size());
        byExpiry.forEach(open::add);
        return open;
    }

    public Minutes total() {
        return total;
    }

    public @Nullable Hold find(ReservationId reservationId) {
        return byId.get(reservationId);
    }

    @Nullable
    Hold nextToExpire() {
        return byExpiry.first();
    }

    /** The minutes of the holds that have not ended by then. */
    Minutes lastingBeyond(Instant at) {
        Minutes ended = Minutes.ZERO;
        for (Hold hold : byExpiry) {
            if (hold.expiresAt().isAfter(at)) {
                break;
            }
            ended = ended.plus(hold.minutes());
        }
        return total.minus(ended);
    }

    /** The first holds to expire that together free {@code wanted} minutes; none when even all of them would not do. */
    List<ReservationId> freeing(Minutes wanted) {
        List<ReservationId> chosen = new ArrayList<>();
        if (wanted.exceeds(total)) {
            return chosen;
        }
        Minutes freed = Minutes.ZERO;
        for (Hold hold : byExpiry) {
            if (!wanted.exceeds(freed)) {
                break;
            }
            chosen.add(hold.reservationId());
            freed = freed.plus(hold.minutes());
        }
        return chosen;
    }

    Holds with(Hold hold) {
        return new Holds(
                byId.with(hold.reservationId(), hold),
                byExpiry.with(Expiry.of(hold), hold),
                total.plus(hold.minutes()));
    }

    Holds without(ReservationId reservationId) {
        Hold gone = byId.get(reservationId);
        return gone == null
                ? this
                : new Holds(
                        byId.without(reservationId), byExpiry.without(Expiry.of(gone)), total.minus(gone.minutes()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Holds that && byExpiry.equals(that.byExpiry);
    }

    @Override
    public int hashCode() {
        return Objects.hash(byExpiry);
    }

    @Override
    public String toString() {
        return open().toString();
    }
}
