package dev.usageledger.api.http.answer;

import dev.usageledger.organization.Action;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.ReservationId;
import java.time.Instant;
import java.util.List;

/** Something that a caller with too few minutes can do. */
public sealed interface ActionView {
    String type();

    static List<ActionView> of(List<Action> actions) {
        return actions.stream().map(ActionView::of).toList();
    }

    private static ActionView of(Action action) {
        return switch (action) {
            case Action.PurchaseMinutes(Minutes minutes) -> new Purchase("purchase-overage", minutes);
            case Action.WaitForRenewal(Instant at) -> new Wait("wait-for-renewal", at);
            case Action.ReleaseReservations(List<ReservationId> ids) -> new Release("release-reservation", ids);
        };
    }

    record Purchase(String type, Minutes minutes) implements ActionView {}

    record Wait(String type, Instant at) implements ActionView {}

    record Release(String type, List<ReservationId> ids) implements ActionView {}
}
