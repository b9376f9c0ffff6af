package dev.usageledger.organization;

import java.time.Instant;
import java.util.List;

/** What a caller with too few minutes can do next. Each of them would do by itself. */
public sealed interface Action {
    /** Buy at least so many overage minutes. */
    record PurchaseMinutes(Minutes minutes) implements Action {}

    /** Wait until base minutes renew. */
    record WaitForRenewal(Instant at) implements Action {}

    /** Release these holds, first to expire first. */
    record ReleaseReservations(List<ReservationId> ids) implements Action {
        public ReleaseReservations {
            ids = List.copyOf(ids);
        }
    }
}
