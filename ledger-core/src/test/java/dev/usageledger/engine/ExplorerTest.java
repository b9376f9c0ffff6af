package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A random history, searched by the ledger and by going through all of it. */
class ExplorerTest {
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final long SEED = 5;

    private final HikariDataSource database = TestDatabase.create();
    private final Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD);
    private final List<RecordedEvent> all = new ArrayList<>();

    @BeforeEach
    void store() {
        List<OrganizationEvent> events = RandomHistory.of(SEED, ACME, 2_000).events();
        store(IntStream.range(0, events.size())
                .mapToObj(i -> NewEvent.of(
                        ACME, i, events.get(i), Map.of("actor", "key-" + i % 3, "correlationId", "request-" + i / 2)))
                .toList());
    }

    private void store(List<NewEvent> rows) {
        new JdbcTransactions(database)
                .run(connection -> all.addAll(EventTable.append(connection, new HashChain(1).link(connection, rows))));
    }

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    @Test
    void every_filter_finds_what_going_through_all_events_finds() {
        Instant from = all.get(all.size() / 3).event().recordedAt();
        Instant to = all.get(all.size() / 2).event().recordedAt();
        Predicate<RecordedEvent> recordedThen = e ->
                !e.event().recordedAt().isBefore(from) && e.event().recordedAt().isBefore(to);
        Predicate<RecordedEvent> byKey1 = e -> "key-1".equals(e.metadata().get("actor"));
        Predicate<RecordedEvent> ofTypes =
                e -> e.event() instanceof OverageRefunded || e.event() instanceof MemberAdded;

        finds(filter(List.of("overage-refunded", "member-added"), null, null, null, null), ofTypes);
        finds(filter(List.of(), from, to, null, null), recordedThen);
        finds(filter(List.of(), null, null, new UserId("u2"), null), e -> names(e.event(), new UserId("u2")));
        finds(filter(List.of(), null, null, null, "key-1"), byKey1);
        finds(
                filter(List.of("overage-refunded", "member-added"), from, to, null, "key-1"),
                ofTypes.and(recordedThen).and(byKey1));
        finds(
                new EventFilter(List.of(), null, null, null, null, null, null, null, "request-7"),
                e -> "request-7".equals(e.metadata().get("correlationId")));
        finds(EventFilter.NONE, e -> true);
    }

    @Test
    void all_about_a_transcription_a_reservation_or_a_purchase_is_found_by_its_id() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 60; i++) {
            TranscriptionId transcription = new TranscriptionId("t" + (1 + random.nextInt(400)));
            ReservationId reservation = new ReservationId("r" + (1 + random.nextInt(200)));
            PurchaseId purchase = new PurchaseId("p" + (1 + random.nextInt(120)));
            finds(about(transcription, null, null), e -> isAbout(e.event(), transcription), false);
            finds(about(null, reservation, null), e -> isAbout(e.event(), reservation), false);
            finds(about(null, null, purchase), e -> isAbout(e.event(), purchase), false);
        }
        ReservationSettled settled = all.stream()
                .filter(e -> e.event() instanceof ReservationSettled)
                .map(e -> (ReservationSettled) e.event())
                .findFirst()
                .orElseThrow();
        finds(
                about(settled.transcriptionId(), settled.reservationId(), null),
                e -> isAbout(e.event(), settled.transcriptionId()) && isAbout(e.event(), settled.reservationId()));
        finds(about(new TranscriptionId("never"), null, null), e -> false, false);
    }

    @Test
    void what_is_rare_is_found_page_by_page_and_a_page_says_how_far_it_looked() {
        int start = all.size();
        Instant at = all.getLast().event().recordedAt();
        store(IntStream.range(0, 2 * Explorer.MOST_LOOKED_AT)
                .mapToObj(i -> NewEvent.of(ACME, start + i, new MemberAdded(at, new UserId("m" + i)), Map.of()))
                .toList());
        EventFilter rare = filter(List.of("organization-opened"), null, null, null, null);

        FoundEvents first = ledger.find(ACME, rare, null, 10);
        assertThat(first.events()).isEmpty();
        assertThat(first.next()).isEqualTo((long) start + Explorer.MOST_LOOKED_AT);
        assertThat(first.lookedBackTo()).isEqualTo(at);
        assertThat(paged(rare, 10)).extracting(RecordedEvent::sequence).containsExactly(0L);
    }

    @Test
    void an_event_names_the_one_that_it_follows_from() {
        Map<UUID, RecordedEvent> byId = all.stream().collect(Collectors.toMap(RecordedEvent::eventId, event -> event));
        FoundEvents found = ledger.find(ACME, EventFilter.NONE, null, all.size());

        int followed = 0;
        for (RecordedEvent recorded : found.events()) {
            RecordedEvent cause = byId.get(found.causes().get(recorded.eventId()));
            switch (recorded.event()) {
                case ThresholdReached e -> {
                    RecordedEvent reason = all.stream()
                            .filter(other -> other.sequence() < recorded.sequence())
                            .filter(other -> !(other.event() instanceof ThresholdReached))
                            .reduce((a, b) -> b)
                            .orElseThrow();
                    assertThat(cause).isEqualTo(reason);
                }
                case TranscriptionCorrected e ->
                    assertThat(isAbout(cause.event(), e.transcriptionId())).isTrue();
                case ReservationSettled e -> assertThat(cause.sequence()).isEqualTo(recorded.sequence() - 1);
                case ReservationExpired e -> assertThat(cause.event()).isInstanceOf(MinutesReserved.class);
                case OverageRefunded e -> assertThat(cause.event()).isInstanceOf(OveragePurchased.class);
                default -> {}
            }
            followed += cause == null ? 0 : 1;
        }
        assertThat(followed).isGreaterThan(all.size() / 10);
    }

    private void finds(EventFilter filter, Predicate<RecordedEvent> expected) {
        finds(filter, expected, true);
    }

    private void finds(EventFilter filter, Predicate<RecordedEvent> expected, boolean some) {
        List<RecordedEvent> matching = all.reversed().stream().filter(expected).toList();
        assertThat(paged(filter, 7)).as("%s", filter).isEqualTo(matching);
        if (some) {
            assertThat(matching).as("%s", filter).isNotEmpty();
        }
    }

    private List<RecordedEvent> paged(EventFilter filter, int limit) {
        List<RecordedEvent> found = new ArrayList<>();
        Long before = null;
        do {
            FoundEvents page = ledger.find(ACME, filter, before, limit);
            assertThat(page.events()).hasSizeLessThanOrEqualTo(limit);
            found.addAll(page.events());
            before = page.next();
        } while (before != null);
        return found;
    }

    private static EventFilter filter(
            List<String> types,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable UserId userId,
            @Nullable String actor) {
        return new EventFilter(types, from, to, null, null, null, userId, actor, null);
    }

    private static EventFilter about(
            @Nullable TranscriptionId transcription,
            @Nullable ReservationId reservation,
            @Nullable PurchaseId purchase) {
        return new EventFilter(List.of(), null, null, transcription, reservation, purchase, null, null, null);
    }

    private static boolean names(OrganizationEvent event, UserId userId) {
        return userId.equals(
                switch (event) {
                    case MemberAdded e -> e.userId();
                    case MemberRemoved e -> e.userId();
                    case MinutesReserved e -> e.userId();
                    case TranscriptionRecorded e -> e.userId();
                    default -> null;
                });
    }

    private static boolean isAbout(OrganizationEvent event, TranscriptionId id) {
        return switch (event) {
            case TranscriptionRecorded e -> e.transcriptionId().equals(id);
            case TranscriptionCorrected e -> e.transcriptionId().equals(id);
            case ReservationSettled e -> e.transcriptionId().equals(id);
            default -> false;
        };
    }

    private static boolean isAbout(OrganizationEvent event, ReservationId id) {
        return switch (event) {
            case MinutesReserved e -> e.reservationId().equals(id);
            case ReservationReleased e -> e.reservationId().equals(id);
            case ReservationSettled e -> e.reservationId().equals(id);
            case ReservationExpired e -> e.reservationId().equals(id);
            case TranscriptionRecorded e ->
                Objects.equals(e.reservationId(), id)
                        && e.settlement() != null
                        && e.settlement().outcome() == TranscriptionRecorded.Settlement.Outcome.SETTLED;
            default -> false;
        };
    }

    private static boolean isAbout(OrganizationEvent event, PurchaseId id) {
        return switch (event) {
            case OveragePurchased e -> e.purchaseId().equals(id);
            case OverageRefunded e -> e.purchaseId().equals(id);
            case OveragePackExpired e -> e.purchaseId().equals(id);
            default -> false;
        };
    }
}
