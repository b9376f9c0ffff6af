package dev.usageledger.api.http.organizations;

import dev.usageledger.api.http.ListAnswer;
import dev.usageledger.api.http.Lists;
import dev.usageledger.api.http.Lists.Paging;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.usage.OrganizationFilter;
import dev.usageledger.projections.usage.OrganizationOrder;
import dev.usageledger.projections.usage.OrganizationUsageQuery;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** All organizations and how they stand. */
@RestController
class OrganizationList {
    private static final int LONGEST_NAME = 256;

    private final Lists lists;
    private final OrganizationUsageQuery organizations;

    OrganizationList(Lists lists, OrganizationUsageQuery organizations) {
        this.lists = lists;
        this.organizations = organizations;
    }

    @GetMapping(path = "/v1/organizations", produces = "application/json")
    ListAnswer<OrganizationView> list(Request request) {
        var name = request.query("name", Text.upTo(LONGEST_NAME));
        var status = request.query("status", Text.word(Balance.Status.class, Text::kebab));
        var userId = request.query("userId", UserId::new);
        var order = request.query("sort", Text.word(OrganizationOrder.class, OrganizationList::word));
        Paging paging = Paging.of(request);
        return lists.page(
                        request,
                        paging,
                        (cursor, limit) -> organizations.list(
                                new OrganizationFilter(name.orNull(), status.orNull(), userId.orNull()),
                                order.or(OrganizationOrder.NEWEST),
                                cursor,
                                limit))
                .map(OrganizationView::of);
    }

    private static String word(OrganizationOrder order) {
        return switch (order) {
            case NEWEST -> "newest";
            case LEAST_REMAINING -> "remaining";
            case MOST_USED -> "used-share";
        };
    }
}
