package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;

import dev.usageledger.organization.OrganizationEvent.MemberRemoved;
import org.junit.jupiter.api.Test;

class RemoveMemberTest {
    private static final UserId ANN = new UserId("ann");

    @Test
    void it_unties_a_person_from_the_organization() {
        MemberRemoved removed = new MemberRemoved(at("Feb 3"), ANN);

        given(opened(including(100)), added("ann"), added("bob"))
                .when(on("Feb 3", remove("ann")))
                .then(events(removed), answeredBy(removed));
    }

    @Test
    void usage_of_one_who_left_stays() {
        given(opened(including(100)), added("ann"), recorded("t1", 60).by("ann"))
                .when(remove("ann"))
                .then(left(used(60), base(40)));
    }

    @Test
    void one_who_is_no_member_need_not_be_removed() {
        given(opened(including(100)), added("ann"), removed("ann"))
                .when(on("Feb 5", remove("ann")))
                .then(replayed(new MemberRemoved(at("Feb 5"), ANN)));
    }
}
