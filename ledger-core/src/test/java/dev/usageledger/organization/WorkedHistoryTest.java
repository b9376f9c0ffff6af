package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;

import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.OveragePurchased;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Settlement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Five weeks of one organization, with every number after every command. */
class WorkedHistoryTest {
    @Test
    void a_month_and_the_first_days_of_the_next() {
        given(on("Jan 31", opened(including(100)).anchored("2026-01-31T00:00")))
                .when(on("Feb 1", record("t1", 60)))
                .then(charged(base(60)), reached())
                .then(left(base(40), overage(0), held(0), remaining(40), used(60)))
                .when(on("Feb 2", purchase("p1", 50)))
                .then(accepted(), left(capacity(150)))
                .then(left(base(40), overage(50), held(0), remaining(90), used(60)))
                .when(on("Feb 3", reserve("r1", 70)))
                .then(accepted())
                .then(left(base(40), overage(50), held(70), remaining(20), used(60)))
                .when(on("Feb 3", reserve("r2", 30)))
                .then(rejected(insufficient(30, remaining(20), base(40), overage(50), held(70), shortBy(10))
                        .renewing("Feb 28")
                        .advising(buy(10), waitUntil("Feb 28"), releasing("r1"))))
                .then(left(base(40), overage(50), held(70), remaining(20), used(60)))
                .when(on("Feb 3", record("t2", 55).settling("r1")))
                .then(charged(base(40), pack("p1", 15)), settled("r1", Settlement.Outcome.SETTLED), reached())
                .then(left(base(0), overage(35), held(0), remaining(35), used(115)))
                .when(on("Feb 3", record("t2", 55).settling("r1")))
                .then(replayed())
                .then(left(base(0), overage(35), held(0), remaining(35), used(115)))
                .when(on("Feb 3", record("t2", 56).settling("r1")))
                .then(rejected(conflict("minutes", Minutes.of(55), Minutes.of(56))))
                .then(left(base(0), overage(35), held(0), remaining(35), used(115)))
                .when(on("Feb 4", record("t3", 10)))
                .then(charged(pack("p1", 10)), reached(80), left(capacity(150)))
                .then(left(base(0), overage(25), held(0), remaining(25), used(125)))
                .when(on("Feb 5", correct("c1", "t1", 50)))
                .then(gaveBack(pack("p1", 10)))
                .then(left(base(0), overage(35), held(0), remaining(35), used(115)))
                .when(on("Mar 1", roll()))
                .then(eventsOf(BillingPeriodRolled.class), inPeriod("Feb 28", "Mar 31"))
                .then(left(base(100), overage(35), held(0), remaining(135), used(0)))
                .when(on("Mar 1", record("t4", 20).occurring("Feb 27 23:50")))
                .then(charged(pack("p1", 20)), counted(Counted.CLOSED_PERIOD, 0))
                .then(closedStatement(base(100), overage(35)))
                .then(left(base(100), overage(15), held(0), remaining(115), used(0)))
                .when(on("Mar 2", record("t5", 130)))
                .then(charged(base(100), pack("p1", 15), uncovered(15)), reached(80, 90, 100))
                .then(left(base(0), overage(0), held(0), remaining(0), used(130)))
                .when(on("Mar 3", purchase("p2", 40)))
                .then(answeredBy(new OveragePurchased(
                        at("Mar 3"),
                        new PurchaseId("p2"),
                        Minutes.of(40),
                        null,
                        null,
                        Minutes.of(15),
                        List.of(90, 100))))
                .then(left(base(0), overage(25), held(0), remaining(25), used(130), uncovered(0)));
    }

    @Test
    void the_first_command_of_march_rolls_by_itself() {
        given(
                        on("Jan 31", opened(including(100)).anchored("2026-01-31T00:00")),
                        on("Feb 1", recorded("t1", 135), purchased("p1", 70)))
                .when(on("Mar 1", record("t4", 20).occurring("Feb 27 23:50")))
                .then(eventsOf(BillingPeriodRolled.class, TranscriptionRecorded.class))
                .then(left(base(100), overage(15), remaining(115), used(0)))
                .then(closedStatement(base(100), overage(55)));
    }
}
