package dev.usageledger.organization;

import static dev.usageledger.organization.Asked.*;
import static dev.usageledger.organization.Expected.*;
import static dev.usageledger.organization.Scenario.*;
import static dev.usageledger.organization.Times.at;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.usageledger.organization.Asked.Opening;
import dev.usageledger.organization.Balance.Status;
import dev.usageledger.organization.OrganizationEvent.OrganizationOpened;
import dev.usageledger.organization.Rejection.OrganizationNotFound;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenOrganizationTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    @Test
    void it_starts_a_ledger_with_all_base_minutes_of_the_period_that_is_running() {
        OrganizationOpened opened = new OrganizationOpened(
                at("Feb 3"),
                ACME,
                "Acme",
                including(100),
                UTC,
                LocalDateTime.parse("2026-01-31T00:00"),
                new BillingPeriod(0, at("Jan 31"), at("Feb 28")));

        given().when(on("Feb 3", open(including(100)).anchored("2026-01-31T00:00")))
                .then(events(opened), answeredBy(opened))
                .then(left(base(100), overage(0), held(0), remaining(100), used(0), uncovered(0), capacity(100)))
                .then(status(Status.OK));
    }

    @Test
    void an_anchor_in_the_future_counts_periods_backwards() {
        given().when(on("Feb 3", open(including(100)).anchored("2026-05-15T00:00")))
                .then(inPeriod("Jan 15", "Feb 15"));
    }

    @Test
    void periods_follow_the_organizations_own_zone() {
        given().when(on(
                        "Feb 3",
                        open(including(100)).anchored("2026-02-01T00:00").in("Asia/Tokyo")))
                .then(inPeriod("Jan 31 15:00", "Feb 28 15:00"));
    }

    @Test
    void an_unlimited_plan_has_no_number_of_minutes_left() {
        given().when(open(unlimited()))
                .then(left(no(base(0)), no(remaining(0)), no(capacity(0)), used(0)), status(Status.UNLIMITED));
    }

    @Test
    void a_plan_that_includes_nothing_is_exhausted_from_the_start() {
        given().when(open(including(0))).then(left(base(0), remaining(0), capacity(0)), status(Status.EXHAUSTED));
    }

    @Test
    void the_same_again_is_a_replay() {
        given(opened(including(100))).when(on("Mar 3", open(including(100)))).then(replayed());
    }

    @Test
    void what_has_changed_since_does_not_make_the_same_opening_a_conflict() {
        given(opened(including(100)), changedPlan("x1", including(200)))
                .when(open(including(100)))
                .then(replayed(), left(base(200)));
    }

    static Stream<Arguments> otherContents() {
        Opening same = open(including(100));
        return Stream.of(
                argumentSet("name", same.named("Other"), conflict("name", "Acme", "Other")),
                argumentSet(
                        "plan.code",
                        open(new Plan("solo", Minutes.of(100), Plan.Limit.HARD)),
                        conflict("plan.code", "team", "solo")),
                argumentSet(
                        "plan.includedMinutes",
                        open(including(200)),
                        conflict("plan.includedMinutes", Minutes.of(100), Minutes.of(200))),
                argumentSet(
                        "plan.limit",
                        open(soft(including(100))),
                        conflict("plan.limit", Plan.Limit.HARD, Plan.Limit.SOFT)),
                argumentSet("zone", same.in("Europe/Berlin"), conflict("zone", UTC, ZoneId.of("Europe/Berlin"))),
                argumentSet(
                        "periodAnchor",
                        same.anchored("2026-02-01T00:01"),
                        conflict(
                                "periodAnchor",
                                LocalDateTime.parse("2026-02-01T00:00"),
                                LocalDateTime.parse("2026-02-01T00:01"))));
    }

    @ParameterizedTest
    @MethodSource("otherContents")
    void other_content_is_a_conflict_that_names_the_field(Opening other, Rejection conflict) {
        given(opened(including(100))).when(other).then(rejected(conflict));
    }

    static Stream<Arguments> allOtherCommands() {
        return Stream.of(
                argumentSet("ChangePlan", changePlan("x1", including(1))),
                argumentSet("AddMember", add("u1")),
                argumentSet("RemoveMember", remove("u1")),
                argumentSet("ReserveMinutes", reserve("r1", 1)),
                argumentSet("ReleaseReservation", release("r1")),
                argumentSet("RecordTranscription", record("t1", 1)),
                argumentSet("CorrectTranscription", correct("c1", "t1", 1)),
                argumentSet("PurchaseOverage", purchase("p1", 1)),
                argumentSet("RefundOverage", refund("f1", "p1", 1)),
                argumentSet("RollBillingPeriod", roll()));
    }

    @ParameterizedTest
    @MethodSource("allOtherCommands")
    void before_it_nothing_else_can_happen(Ask command) {
        given().when(command).then(rejected(new OrganizationNotFound(ACME)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   "})
    void a_name_must_say_something(String blank) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> given(opened(including(100)).named(blank)))
                .withMessage("name must be 1 to 256 characters");
    }

    @Test
    void a_name_has_at_most_256_characters() {
        given(opened(including(100)).named("é".repeat(256)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> given(opened(including(100)).named("é".repeat(257))))
                .withMessage("name must be 1 to 256 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A\u0000cme", "Ac\nme", "Acme\u007f"})
    void a_name_has_no_control_characters(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> given(opened(including(100)).named(name)))
                .withMessage("name must not contain control characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\udc4d Acme", "Acme \ud83d!"})
    void a_name_is_text_that_can_be_written_down(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> given(opened(including(100)).named(name)))
                .withMessage("name must not contain half of a surrogate pair");
    }

    @Test
    void a_name_may_contain_characters_beyond_16_bits() {
        given().when(open(including(100)).named("Acme \ud83d\udc4d")).then(accepted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1899-12-31T23:59", "3000-01-01T00:00"})
    void an_anchor_lies_within_eleven_centuries(String anchor) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> given(opened(including(100)).anchored(anchor)))
                .withMessage("periodAnchor must be from 1900 to 2999: " + anchor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1900-01-01T00:00", "2999-12-31T23:59"})
    void the_first_and_last_anchors_are_fine(String anchor) {
        given().when(open(including(100)).anchored(anchor)).then(accepted());
    }
}
