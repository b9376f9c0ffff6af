package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;

import dev.usageledger.organization.OrganizationEvent.ReservationReleased;
import dev.usageledger.organization.Rejection.AlreadyExpired;
import dev.usageledger.organization.Rejection.AlreadySettled;
import dev.usageledger.organization.Rejection.ReservationNotFound;
import org.junit.jupiter.api.Test;

class ReleaseReservationTest {
    private static final ReservationId R1 = new ReservationId("r1");

    @Test
    void it_gives_the_hold_back() {
        ReservationReleased released = new ReservationReleased(at("Feb 3 11:00"), R1, Minutes.of(70));

        given(opened(including(100)), on("Feb 3 10:00", reserved("r1", 70), reserved("r2", 10)))
                .when(on("Feb 3 11:00", release("r1")))
                .then(events(released), answeredBy(released), left(held(10), remaining(90)));
    }

    @Test
    void what_was_held_can_be_held_again() {
        given(opened(including(100)), reserved("r1", 70), released("r1"))
                .when(reserve("r2", 100))
                .then(accepted());
    }

    @Test
    void again_is_a_replay() {
        given(opened(including(100)), reserved("r1", 70), released("r1"))
                .when(on("Feb 5", release("r1")))
                .then(replayed(), left(held(0)));
    }

    @Test
    void a_released_hold_does_not_come_back_by_reserving_again() {
        given(opened(including(100)), reserved("r1", 70), released("r1"))
                .when(reserve("r1", 70))
                .then(replayed(), left(held(0)));
    }

    @Test
    void what_was_never_reserved_cannot_be_released() {
        given(opened(including(100)), reserved("r2", 70))
                .when(release("r1"))
                .then(rejected(new ReservationNotFound(R1)));
    }

    @Test
    void what_usage_has_settled_cannot_be_released() {
        given(
                        opened(including(100)),
                        reserved("r1", 70),
                        on("Feb 1 01:00", recorded("t1", 5).settling("r1")))
                .when(on("Feb 5", release("r1")))
                .then(rejected(new AlreadySettled(R1, at("Feb 1 01:00"), new TranscriptionId("t1"))));
    }

    @Test
    void what_has_expired_cannot_be_released() {
        given(opened(including(100)), on("Feb 3 10:00", reserved("r1", 70)), on("Feb 4", rolled()))
                .when(on("Feb 5", release("r1")))
                .then(rejected(new AlreadyExpired(R1, at("Feb 3 12:00"))));
    }

    @Test
    void a_hold_that_expires_at_this_instant_has_expired() {
        given(opened(including(100)), on("Feb 3 10:00", reserved("r1", 70)))
                .when(on("Feb 3 12:00", release("r1")))
                .then(rejected(new AlreadyExpired(R1, at("Feb 3 12:00"))));
    }

    @Test
    void a_hold_can_be_released_until_the_last_second() {
        given(opened(including(100)), on("Feb 3 10:00", reserved("r1", 70)))
                .when(on("Feb 3 11:59:59", release("r1")))
                .then(accepted());
    }
}
