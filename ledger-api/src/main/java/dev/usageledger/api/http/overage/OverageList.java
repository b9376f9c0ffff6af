package dev.usageledger.api.http.overage;

import dev.usageledger.api.http.ListAnswer;
import dev.usageledger.api.http.Lists;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.projections.packs.OveragePackQuery;
import dev.usageledger.projections.packs.OveragePackRow;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The packs of an organization, spent ones included. */
@RestController
class OverageList {
    private final Lists lists;
    private final OveragePackQuery packs;

    OverageList(Lists lists, OveragePackQuery packs) {
        this.lists = lists;
        this.packs = packs;
    }

    @GetMapping(path = "/v1/organizations/{organizationId}/overage-purchases", produces = "application/json")
    ListAnswer<OveragePackRow> list(Request request) {
        return lists.ofOrganization(request, packs::newestFirst);
    }
}
