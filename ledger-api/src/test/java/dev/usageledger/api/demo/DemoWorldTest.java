package dev.usageledger.api.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.Balance;
import dev.usageledger.organization.Balance.Status;
import dev.usageledger.organization.Decision;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Settlement.Outcome;
import dev.usageledger.organization.Past;
import dev.usageledger.organization.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state that the demo promises, by the rules alone, whenever it is started. */
class DemoWorldTest {
    private static final OrganizationDecider DECIDER = new OrganizationDecider(LedgerPolicy.STANDARD);

    /** One made-up organization, as its story has left it. */
    private record Told(Story story, Open organization, List<OrganizationEvent> events, Balance balance) {
        long remaining() {
            return balance.remaining().value();
        }

        <E extends OrganizationEvent> Stream<E> events(Class<E> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast);
        }
    }

    /** Ends of months, leap days, changes of the clock, and times of day. */
    static Stream<Instant> moments() {
        Stream<String> odd = Stream.of(
                "2026-01-01T00:00:00Z",
                "2026-01-31T23:59:59Z",
                "2028-02-29T12:00:00Z",
                "2028-03-01T00:00:01Z",
                "2026-03-29T01:30:00Z",
                "2026-05-31T10:00:00Z",
                "2026-10-25T02:00:00Z",
                "2026-11-01T06:30:00Z",
                "2027-12-31T11:11:11Z");
        Stream<Instant> spread = Stream.iterate(
                        Instant.parse("2026-01-01T03:17:00Z"), before -> before.plus(Duration.ofHours(31 * 7 + 5)))
                .limit(60);
        return Stream.concat(odd.map(Instant::parse), spread);
    }

    @ParameterizedTest
    @MethodSource("moments")
    void every_promised_state_is_there(Instant now) {
        Map<String, Told> world = told(now);

        assertThat(world).hasSize(16).allSatisfy((id, told) -> assertThat(id).startsWith("demo-"));
        assertUsedUp(world.get("demo-northwind-legal"));
        assertBaseGoneAndOverageLeft(world.get("demo-harbor-media"));
        assertPast(80, 90, world.get("demo-pinewood-clinic"));
        assertPast(90, 100, world.get("demo-brightline-podcasts"));
        assertThat(world.get("demo-atlas-research").balance().status()).isEqualTo(Status.UNLIMITED);
        assertUncovered(world.get("demo-cedar-university"));
        assertCoveredLater(world.get("demo-lumen-studio"));
        assertOveragePersists(world.get("demo-juniper-news"), now);
        assertInFlight(world.get("demo-tandem-courts"));
        assertHoldExpired(world.get("demo-quarry-consulting"));
        assertPackExpired(world.get("demo-orchard-insurance"));
        assertClosedStatementAmended(world.get("demo-meridian-film"));
        assertMended(world.get("demo-sable-events"));
        assertPlanWaits(world.get("demo-riverbend-schools"));
        assertThat(world.get("demo-kauri-telehealth")
                        .balance()
                        .calendar()
                        .anchor()
                        .getDayOfMonth())
                .isEqualTo(31);
        assertThat(world.get("demo-saltmarsh-records").events()).hasSize(1);
        assertPeople(world);
        assertZones(world);
        assertMonthsOfHistory(world);
    }

    private static void assertUsedUp(Told told) {
        assertThat(told.balance().status()).isEqualTo(Status.EXHAUSTED);
        assertThat(told.balance().baseRemaining()).isEqualTo(Minutes.ZERO);
        assertThat(told.balance().overageRemaining()).isEqualTo(Minutes.ZERO);
        assertThat(told.balance().uncovered()).isEqualTo(Minutes.ZERO);
        assertThat(told.balance().actions()).isNotEmpty();
    }

    private static void assertBaseGoneAndOverageLeft(Told told) {
        assertThat(told.balance().baseRemaining()).isEqualTo(Minutes.ZERO);
        assertThat(told.balance().overageUsed()).isEqualTo(Minutes.of(120));
        assertThat(told.remaining()).isEqualTo(180);
        assertThat(told.balance().status()).isEqualTo(Status.OK);
    }

    private static void assertPast(int percent, int next, Told told) {
        long used = told.balance().used().value() * 100;
        long capacity = told.balance().capacity().value();
        assertThat(told.balance().status()).isEqualTo(Status.LOW);
        assertThat(used).isBetween(percent * capacity, next * capacity - 1);
        assertThat(told.events(ThresholdReached.class)
                        .filter(reached ->
                                reached.period() == told.balance().period().index())
                        .map(ThresholdReached::percent))
                .contains(percent)
                .doesNotContain(next);
    }

    private static void assertUncovered(Told told) {
        assertThat(told.balance().uncovered()).isEqualTo(Minutes.of(70));
        assertThat(told.balance().status()).isEqualTo(Status.EXHAUSTED);
    }

    private static void assertCoveredLater(Told told) {
        assertThat(told.balance().uncovered()).isEqualTo(Minutes.ZERO);
        assertThat(told.events(OveragePurchased.class).map(OveragePurchased::covered))
                .containsExactly(Minutes.of(60));
        assertThat(told.remaining()).isEqualTo(40);
    }

    private static void assertOveragePersists(Told told, Instant now) {
        assertThat(told.balance().period().start()).isAfter(now.minus(Duration.ofDays(2)));
        assertThat(told.balance().overageRemaining()).isEqualTo(Minutes.of(160));
        assertThat(told.balance().used()).isEqualTo(Minutes.of(12));
        assertThat(told.remaining()).isEqualTo(800 - 12 + 160);
    }

    private static void assertInFlight(Told told) {
        assertThat(told.organization().holds().open()).hasSize(4);
        assertThat(told.balance().held()).isEqualTo(Minutes.of(285));
        assertThat(told.remaining()).isEqualTo(1_200 - 640 - 285);
    }

    private static void assertHoldExpired(Told told) {
        assertThat(told.events(ReservationExpired.class)
                        .map(expired -> expired.reservationId().value()))
                .contains("upload-interview");
        assertThat(told.events(TranscriptionRecorded.class)
                        .filter(recorded -> recorded.settlement() != null)
                        .map(recorded -> recorded.settlement().outcome()))
                .contains(Outcome.ALREADY_EXPIRED);
    }

    private static void assertPackExpired(Told told) {
        assertThat(told.events(OveragePackExpired.class).map(OveragePackExpired::minutes))
                .containsExactly(Minutes.of(140));
        assertThat(told.balance().overageRemaining()).isEqualTo(Minutes.ZERO);
    }

    private static void assertClosedStatementAmended(Told told) {
        assertThat(told.events(TranscriptionRecorded.class).map(TranscriptionRecorded::counted))
                .contains(Counted.CLOSED_PERIOD, Counted.LATE_IN_CURRENT_PERIOD);
        assertThat(told.balance().used()).isEqualTo(Minutes.of(15));
    }

    private static void assertMended(Told told) {
        assertThat(told.events(TranscriptionCorrected.class).map(TranscriptionCorrected::minutes))
                .containsExactly(Minutes.of(59), Minutes.ZERO);
        assertThat(told.events(OverageRefunded.class).map(OverageRefunded::minutes))
                .containsExactly(Minutes.of(50));
        assertThat(told.balance().overageRemaining()).isEqualTo(Minutes.of(150));
        assertThat(told.balance().used()).isEqualTo(Minutes.of(210 + 59 + 40));
    }

    private static void assertPlanWaits(Told told) {
        assertThat(told.balance().nextPlan().code()).isEqualTo("business");
        assertThat(told.balance().plan().code()).isEqualTo("team");
        assertThat(told.events(PlanChanged.class)).hasSize(1);
    }

    private static void assertPeople(Map<String, Told> world) {
        assertThat(organizationsOf("demo-ines", world)).containsExactly("demo-harbor-media", "demo-lumen-studio");
        assertThat(organizationsOf("demo-tomas", world)).isEmpty();
        assertThat(world.values().stream()
                        .flatMap(told -> told.events(MemberRemoved.class))
                        .map(MemberRemoved::userId))
                .containsExactly(new UserId("demo-tomas"));
        assertThat(world.values())
                .allSatisfy(told -> assertThat(told.story().emails().keySet())
                        .isEqualTo(told.organization().members().keySet()));
        assertThat(world.values().stream().flatMap(told -> told.story().emails().values().stream()))
                .allMatch(email -> email.matches("[a-z]+\\.[a-z]+@example\\.com"));
    }

    private static List<String> organizationsOf(String userId, Map<String, Told> world) {
        return world.entrySet().stream()
                .filter(told -> told.getValue().organization().members().containsKey(new UserId(userId)))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void assertZones(Map<String, Told> world) {
        Set<Object> zones = world.values().stream()
                .map(told -> told.balance().calendar().zone())
                .collect(Collectors.toSet());
        assertThat(zones).hasSizeGreaterThan(10);
    }

    private static void assertMonthsOfHistory(Map<String, Told> world) {
        assertThat(world).allSatisfy((id, told) -> {
            if (!id.equals(DemoWorld.LAST.value())) {
                assertThat(told.events(BillingPeriodRolled.class)).hasSizeGreaterThanOrEqualTo(3);
                assertThat(told.events(TranscriptionRecorded.class)).hasSizeGreaterThan(30);
            }
        });
    }

    // --- telling

    private static Map<String, Told> told(Instant now) {
        Map<String, Told> world = new LinkedHashMap<>();
        for (Story story : DemoWorld.asOf(now)) {
            world.put(story.organizationId().value(), told(story, now));
        }
        return world;
    }

    private static Told told(Story story, Instant now) {
        Organization organization = Organization.NOT_OPENED;
        List<OrganizationEvent> events = new ArrayList<>();
        for (OrganizationCommand command : story.commands()) {
            assertThat(command.receivedAt()).isBeforeOrEqualTo(now);
            Decision decision = DECIDER.decide(command, organization, Past.recalled(command, events));
            assertThat(decision).as("%s", command).isInstanceOf(Accepted.class);
            Accepted accepted = (Accepted) decision;
            events.addAll(accepted.events());
            organization = accepted.organization();
        }
        Open open = DECIDER.advanced((Open) organization, now);
        return new Told(story, open, events, Balance.of(open, LedgerPolicy.STANDARD));
    }
}
