package dev.usageledger.api.http.reservations;

import dev.usageledger.api.http.ListAnswer;
import dev.usageledger.api.http.Lists;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.projections.reservations.ReservationQuery;
import dev.usageledger.projections.reservations.ReservationRow;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The reservations of an organization, open and ended. */
@RestController
class ReservationList {
    private final Lists lists;
    private final ReservationQuery reservations;

    ReservationList(Lists lists, ReservationQuery reservations) {
        this.lists = lists;
        this.reservations = reservations;
    }

    @GetMapping(path = "/v1/organizations/{organizationId}/reservations", produces = "application/json")
    ListAnswer<ReservationRow> list(Request request) {
        return lists.ofOrganization(request, reservations::newestFirst);
    }
}
