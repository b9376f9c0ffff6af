package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;

import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.MemberAdded;
import org.junit.jupiter.api.Test;

class AddMemberTest {
    private static final UserId ANN = new UserId("ann");

    @Test
    void it_ties_a_person_to_the_organization() {
        MemberAdded added = new MemberAdded(at("Feb 3"), ANN);

        given(opened(including(100)))
                .when(on("Feb 3", add("ann")))
                .then(events(added), answeredBy(added), left(base(100)));
    }

    @Test
    void a_member_is_added_only_once() {
        given(opened(including(100)), on("Feb 3", added("ann")))
                .when(on("Feb 5", add("ann")))
                .then(replayed(new MemberAdded(at("Feb 3"), ANN)));
    }

    @Test
    void one_who_left_can_come_back() {
        given(opened(including(100)), added("ann"), removed("ann"))
                .when(on("Feb 5", add("ann")))
                .then(events(new MemberAdded(at("Feb 5"), ANN)));
    }

    @Test
    void what_is_due_comes_first() {
        given(opened(including(100)))
                .when(on("Mar 1", add("ann")))
                .then(eventsOf(BillingPeriodRolled.class, MemberAdded.class));
    }
}
