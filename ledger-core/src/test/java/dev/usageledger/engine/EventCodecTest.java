package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.usageledger.organization.BillingPeriod;
import dev.usageledger.organization.Charge;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Settlement;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PackCharge;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.PlanChangeId;
import dev.usageledger.organization.Price;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.RefundId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import dev.usageledger.testing.RandomHistory;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private static final Instant AT = Instant.parse("2026-02-01T10:00:00.000001Z");

    /** In the order of {@code stored-events.txt}: what each of its lines has to be read as, for ever. */
    private static final List<OrganizationEvent> PROMISED = List.of(
            new OrganizationOpened(
                    AT,
                    new OrganizationId("acme"),
                    "Größe & “Söhne” 𝄞",
                    new Plan("team", Minutes.of(100), Plan.Limit.HARD),
                    ZoneId.of("Europe/Vienna"),
                    LocalDateTime.parse("2026-01-31T00:00:00"),
                    period(0)),
            new OrganizationOpened(
                    AT,
                    new OrganizationId("A-Z.a_z:0-9"),
                    "Unlimited",
                    new Plan("enterprise", null, Plan.Limit.SOFT),
                    ZoneOffset.UTC,
                    LocalDateTime.parse("1999-12-31T23:59:59.5"),
                    new BillingPeriod(
                            -1, Instant.parse("1999-12-01T00:00:00Z"), Instant.parse("1999-12-31T23:59:59.500Z"))),
            new PlanChanged(
                    AT,
                    new PlanChangeId("x1"),
                    new Plan("big", Minutes.of(1_000_000_000), Plan.Limit.SOFT),
                    Minutes.of(15),
                    List.of(90, 100)),
            new PlanChangeScheduled(
                    AT,
                    new PlanChangeId("x2"),
                    new Plan("none", Minutes.ZERO, Plan.Limit.HARD),
                    Instant.parse("2026-02-28T00:00:00Z")),
            new MemberAdded(AT, new UserId("u1")),
            new MemberRemoved(AT, new UserId("u1")),
            new MinutesReserved(
                    AT,
                    new ReservationId("r1"),
                    Minutes.of(70),
                    Duration.ofHours(2),
                    Instant.parse("2026-02-01T12:00:00.000001Z"),
                    new UserId("u1")),
            new MinutesReserved(
                    AT,
                    new ReservationId("r2"),
                    Minutes.of(1),
                    Duration.ofSeconds(1),
                    Instant.parse("2026-02-01T10:00:01.000001Z"),
                    null),
            new ReservationReleased(AT, new ReservationId("r1"), Minutes.of(70)),
            new ReservationSettled(AT, new ReservationId("r1"), Minutes.of(70), new TranscriptionId("t1")),
            new ReservationExpired(
                    AT, new ReservationId("r1"), Minutes.of(70), Instant.parse("2026-02-01T09:59:59.999999999Z")),
            new TranscriptionRecorded(
                    AT,
                    new TranscriptionId("t1"),
                    Minutes.of(56),
                    3_301L,
                    Instant.parse("2026-01-31T23:59:59.123456789Z"),
                    true,
                    new UserId("u1"),
                    new Settlement(new ReservationId("r1"), Settlement.Outcome.SETTLED),
                    Counted.CLOSED_PERIOD,
                    -1,
                    new Charge(Minutes.of(40), List.of(pack("p1", 10), pack("p2", 5)), Minutes.of(1))),
            new TranscriptionRecorded(
                    AT,
                    new TranscriptionId("t2"),
                    Minutes.ZERO,
                    null,
                    AT,
                    false,
                    null,
                    null,
                    Counted.CURRENT_PERIOD,
                    0,
                    Charge.NOTHING),
            new TranscriptionRecorded(
                    AT,
                    new TranscriptionId("t3"),
                    Minutes.of(7),
                    null,
                    Instant.parse("2025-01-01T00:00:00Z"),
                    true,
                    null,
                    new Settlement(new ReservationId("r2"), Settlement.Outcome.ALREADY_EXPIRED),
                    Counted.LATE_IN_CURRENT_PERIOD,
                    0,
                    new Charge(Minutes.of(7), List.of(), Minutes.ZERO)),
            new TranscriptionCorrected(
                    AT,
                    new CorrectionId("c1"),
                    new TranscriptionId("t1"),
                    Minutes.of(56),
                    Minutes.of(30),
                    "measured \"again\", 30′",
                    -1,
                    Charge.NOTHING,
                    new Charge(Minutes.of(11), List.of(pack("p2", 5), pack("p1", 9)), Minutes.of(1)),
                    List.of(pack("p1", 9)),
                    List.of(pack("p2", 5))),
            new TranscriptionCorrected(
                    AT,
                    new CorrectionId("c2"),
                    new TranscriptionId("t1"),
                    Minutes.of(30),
                    Minutes.of(31),
                    "x",
                    0,
                    new Charge(Minutes.of(1), List.of(), Minutes.ZERO),
                    Charge.NOTHING,
                    List.of(),
                    List.of()),
            new OveragePurchased(
                    AT,
                    new PurchaseId("p1"),
                    Minutes.of(50),
                    Instant.parse("2026-12-31T00:00:00Z"),
                    new Price(new BigDecimal("9.90"), "EUR"),
                    Minutes.of(15),
                    List.of(80)),
            new OveragePurchased(
                    AT,
                    new PurchaseId("p2"),
                    Minutes.of(50),
                    null,
                    new Price(new BigDecimal("100"), "JPY"),
                    Minutes.ZERO,
                    List.of()),
            new OveragePurchased(AT, new PurchaseId("p3"), Minutes.of(50), null, null, Minutes.ZERO, List.of()),
            new OverageRefunded(AT, new RefundId("f1"), new PurchaseId("p1"), Minutes.of(35), true),
            new OverageRefunded(AT, new RefundId("f2"), new PurchaseId("p2"), Minutes.of(50), false),
            new OveragePackExpired(AT, new PurchaseId("p1"), Minutes.of(35), Instant.parse("2026-02-01T00:00:00Z")),
            new BillingPeriodRolled(
                    AT,
                    period(0),
                    new BillingPeriod(1, Instant.parse("2026-02-28T00:00:00Z"), Instant.parse("2026-03-31T00:00:00Z")),
                    new Plan("team", Minutes.of(100), Plan.Limit.HARD),
                    Minutes.of(40)),
            new ThresholdReached(AT, 80, 0, Minutes.of(125), Minutes.of(150)));

    /** An event as it stands in the store. */
    private record Stored(String type, int revision, String payload) {
        static Stored of(OrganizationEvent event) {
            EventCodec.Kind kind = EventCodec.kindOf(event);
            return new Stored(kind.name(), kind.revision(), EventCodec.payload(event));
        }

        static Stored parsed(String line) {
            String[] parts = line.split(" ", 3);
            return new Stored(parts[0], Integer.parseInt(parts[1]), parts[2]);
        }

        OrganizationEvent read() {
            return EventCodec.event(type, revision, AT, payload);
        }
    }

    @Test
    void what_was_stored_is_read_as_what_it_meant() {
        assertThat(stored()).extracting(Stored::read).containsExactlyElementsOf(PROMISED);
    }

    @Test
    void what_is_stored_looks_as_it_always_did() {
        assertThat(PROMISED).extracting(Stored::of).containsExactlyElementsOf(stored());
    }

    @Test
    void there_is_a_promise_for_every_kind_of_event() {
        assertThat(stored()).extracting(Stored::type).containsAll(names());
    }

    @Test
    void every_event_has_one_stored_name_and_revision() {
        Set<Class<?>> events = records(OrganizationEvent.class);

        assertThat(EventCodec.kinds()).extracting(EventCodec.Kind::eventClass).doesNotHaveDuplicates();
        assertThat(new HashSet<Class<?>>(EventCodec.kinds().stream()
                        .map(EventCodec.Kind::eventClass)
                        .toList()))
                .isEqualTo(events);
        assertThat(names()).doesNotHaveDuplicates();
        assertThat(EventCodec.kinds()).allMatch(kind -> kind.revision() >= 1);
    }

    @Test
    void nothing_stored_names_a_class() {
        List<String> classes = records(OrganizationEvent.class).stream()
                .map(Class::getSimpleName)
                .toList();

        assertThat(names()).allMatch(name -> name.matches("[a-z]+(-[a-z]+)+"));
        assertThat(PROMISED)
                .extracting(EventCodec::payload)
                .allSatisfy(payload -> assertThat(payload)
                        .doesNotContain("dev.usageledger", "java.", "@")
                        .doesNotContain(classes));
    }

    @Test
    void random_events_come_back_as_they_were() {
        Map<String, Integer> seen = new TreeMap<>();
        for (long seed = 1; seed <= 30; seed++) {
            List<OrganizationEvent> events =
                    RandomHistory.of(seed, new OrganizationId("acme"), 150).events();
            List<OrganizationEvent> read =
                    events.stream().map(EventCodecTest::writtenAndRead).toList();
            assertThat(read).as("seed %d", seed).isEqualTo(events);
            assertThat(read.toString()).as("seed %d", seed).isEqualTo(events.toString());
            events.forEach(event -> seen.merge(EventCodec.kindOf(event).name(), 1, Integer::sum));
        }
        assertThat(seen).as("kinds of events that histories consist of").containsOnlyKeys(names());
    }

    @Test
    void a_payload_that_somebody_laid_out_otherwise_is_read_all_the_same() {
        String payload = "\n  {\n    \"minutes\": 70,\n    \"reservationId\": \"r1\"\n  }\n";

        assertThat(EventCodec.event("reservation-released", 1, AT, payload))
                .isEqualTo(new ReservationReleased(AT, new ReservationId("r1"), Minutes.of(70)));
    }

    @Test
    void a_type_that_is_not_known_is_refused_by_name() {
        assertThatExceptionOfType(UnreadableEventException.class)
                .isThrownBy(() -> EventCodec.event("minutes-gifted", 1, AT, "{\"minutes\":1}"))
                .withMessage("event type minutes-gifted revision 1 is not known to this version");
    }

    @Test
    void a_newer_revision_is_refused_by_name() {
        assertThat(stored())
                .allSatisfy(stored -> assertThatExceptionOfType(UnreadableEventException.class)
                        .isThrownBy(() -> EventCodec.event(stored.type(), 2, AT, stored.payload()))
                        .withMessage("event type " + stored.type() + " revision 2 is not known to this version"));
    }

    @Test
    void a_property_that_is_not_known_is_refused_since_it_might_change_a_number() {
        assertThat(stored()).allSatisfy(stored -> {
            String more = "{\"bonus\":1," + stored.payload().substring(1);
            assertThatExceptionOfType(UnreadableEventException.class)
                    .isThrownBy(() -> EventCodec.event(stored.type(), 1, AT, more))
                    .withMessage("payload of " + stored.type() + " revision 1 cannot be read")
                    .havingCause()
                    .withMessageContaining("bonus");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"reservationId\":\"r1\"}",
                "{\"minutes\":70}",
                "{\"reservationId\":\"r1\",\"minutes\":null}",
                "{\"reservationId\":null,\"minutes\":70}",
                "{\"reservationId\":\"r1\",\"minutes\":-1}",
                "{\"reservationId\":\"r1\",\"minutes\":1.5}",
                "{\"reservationId\":\"r1\",\"minutes\":\"70\"}",
                "{\"reservationId\":\"r1\",\"minutes\":9223372036854775808}",
                "{\"reservationId\":\"no spaces\",\"minutes\":70}",
                "{\"reservationId\":7,\"minutes\":70}",
                "{\"reservationId\":\"r1\",\"minutes\":70",
                "",
                "null",
                "[]",
            })
    void a_payload_that_no_event_could_have_left_is_refused(String payload) {
        assertThatExceptionOfType(UnreadableEventException.class)
                .isThrownBy(() -> EventCodec.event("reservation-released", 1, AT, payload))
                .withMessage("payload of reservation-released revision 1 cannot be read");
    }

    @Test
    void a_part_is_left_out_where_there_is_none_and_nowhere_else() {
        assertThatExceptionOfType(UnreadableEventException.class)
                .isThrownBy(() -> EventCodec.event("plan-changed", 1, AT, """
                        {"changeId":"x1","plan":{"code":"team","limit":"HARD"},"covered":0}"""));
        assertThat(EventCodec.event("plan-changed", 1, AT, """
                        {"changeId":"x1","plan":{"code":"team","limit":"HARD"},"covered":0,"rearmed":[]}"""))
                .isEqualTo(new PlanChanged(
                        AT, new PlanChangeId("x1"), new Plan("team", null, Plan.Limit.HARD), Minutes.ZERO, List.of()));
    }

    @Test
    void metadata_is_text_under_the_names_it_came_with() {
        Map<String, String> metadata = new Origin("billing", "request-7", "“goodwill”").metadata();

        assertThat(EventCodec.metadata(metadata))
                .isEqualTo("{\"actor\":\"billing\",\"correlationId\":\"request-7\",\"reason\":\"“goodwill”\"}");
        assertThat(EventCodec.metadata(EventCodec.metadata(metadata))).isEqualTo(metadata);
    }

    @Test
    void metadata_without_a_reason_says_nothing_of_one() {
        assertThat(EventCodec.metadata(new Origin("billing", "request-7", null).metadata()))
                .isEqualTo("{\"actor\":\"billing\",\"correlationId\":\"request-7\"}");
    }

    private static OrganizationEvent writtenAndRead(OrganizationEvent event) {
        Stored stored = Stored.of(event);
        return EventCodec.event(stored.type(), stored.revision(), event.recordedAt(), stored.payload());
    }

    private static List<String> names() {
        return EventCodec.kinds().stream().map(EventCodec.Kind::name).toList();
    }

    private static Set<Class<?>> records(Class<?> sealed) {
        Set<Class<?>> found = new HashSet<>();
        Stream.of(sealed.getPermittedSubclasses())
                .forEach(type -> found.addAll(type.isSealed() ? records(type) : Set.of(type)));
        return found;
    }

    private static List<Stored> stored() {
        try (InputStream file = EventCodecTest.class.getResourceAsStream("stored-events.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Stored::parsed)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BillingPeriod period(long index) {
        return new BillingPeriod(index, Instant.parse("2026-01-30T23:00:00Z"), Instant.parse("2026-02-27T23:00:00Z"));
    }

    private static PackCharge pack(String purchaseId, long minutes) {
        return new PackCharge(new PurchaseId(purchaseId), Minutes.of(minutes));
    }
}
