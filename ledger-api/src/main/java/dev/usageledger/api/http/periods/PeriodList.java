package dev.usageledger.api.http.periods;

import dev.usageledger.api.http.ListAnswer;
import dev.usageledger.api.http.Lists;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.projections.periods.BillingPeriodQuery;
import dev.usageledger.projections.periods.BillingPeriodRow;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The statements of an organization. */
@RestController
class PeriodList {
    private final Lists lists;
    private final BillingPeriodQuery periods;

    PeriodList(Lists lists, BillingPeriodQuery periods) {
        this.lists = lists;
        this.periods = periods;
    }

    @GetMapping(path = "/v1/organizations/{organizationId}/periods", produces = "application/json")
    ListAnswer<BillingPeriodRow> list(Request request) {
        return lists.ofOrganization(request, periods::newestFirst);
    }
}
