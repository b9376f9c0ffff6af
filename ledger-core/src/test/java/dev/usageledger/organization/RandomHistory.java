package dev.usageledger.organization;

import static dev.usageledger.organization.RandomHistory.Kind.*;
import static dev.usageledger.organization.RandomHistory.Trait.*;

import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand.*;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A history of commands that is random and, by its seed, always the same. It crosses periods, lets holds and packs
 * expire, hits due times to the second, sends again what was sent, asks for what is not there and for a little more
 * than is.
 */
final class RandomHistory {
    private static final OrganizationId ACME = Scenario.ACME;
    private static final List<String> ZONES = List.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "America/Sao_Paulo",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "Pacific/Apia");

    private final SplittableRandom random;
    private final Mix mix;
    private final Journal journal = new Journal();
    private final List<OrganizationCommand> commands = new ArrayList<>();
    private final List<OrganizationCommand> accepted = new ArrayList<>();
    private Instant now;
    private int ids;

    private RandomHistory(long seed, Mix mix) {
        this.random = new SplittableRandom(seed);
        this.mix = mix;
        this.now = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(random.nextInt(400 * 24 * 3600));
    }

    /** The kinds of command that a history is made of. */
    enum Kind {
        CHANGE_PLAN,
        ADD_MEMBER,
        REMOVE_MEMBER,
        RESERVE,
        RELEASE,
        RECORD,
        CORRECT,
        PURCHASE,
        REFUND,
        ROLL,
        SEND_AGAIN,
        SEND_OTHERWISE
    }

    /** What histories may be like. */
    enum Trait {
        ONLY_HARD_PLANS,
        PACKS_EXPIRE,
        CLOCK_JUMPS_BACK,
        USAGE_ONLY_IF_ENOUGH
    }

    /**
     * What histories are made of.
     *
     * @param kinds each as often as it should come up
     */
    record Mix(List<Kind> kinds, Set<Trait> traits) {
        private static final List<Kind> ALL = List.of(
                RECORD,
                RECORD,
                RECORD,
                RECORD,
                RECORD,
                RECORD,
                CORRECT,
                CORRECT,
                CORRECT,
                RESERVE,
                RESERVE,
                RESERVE,
                RELEASE,
                PURCHASE,
                PURCHASE,
                REFUND,
                CHANGE_PLAN,
                ADD_MEMBER,
                REMOVE_MEMBER,
                ROLL,
                SEND_AGAIN,
                SEND_OTHERWISE);

        static final Mix EVERYTHING = new Mix(ALL, Set.of(PACKS_EXPIRE, CLOCK_JUMPS_BACK));

        /** Everything, in a time that only moves forward. */
        static final Mix FORWARD = new Mix(ALL, Set.of(PACKS_EXPIRE));

        /** Only commands that ask whether there is enough. */
        static final Mix ADMISSION = new Mix(
                List.of(RESERVE, RESERVE, RESERVE, RECORD, RECORD, RECORD, RELEASE, PURCHASE, ROLL, SEND_AGAIN),
                Set.of(ONLY_HARD_PLANS, CLOCK_JUMPS_BACK, USAGE_ONLY_IF_ENOUGH));

        /** Much to correct, in a time that only moves forward. */
        static final Mix CORRECTIONS = new Mix(
                List.of(
                        RECORD,
                        RECORD,
                        RECORD,
                        RECORD,
                        RECORD,
                        CORRECT,
                        CORRECT,
                        CORRECT,
                        PURCHASE,
                        PURCHASE,
                        REFUND,
                        RESERVE,
                        CHANGE_PLAN),
                Set.of());

        private boolean has(Trait trait) {
            return traits.contains(trait);
        }
    }

    static List<OrganizationCommand> of(long seed, Mix mix) {
        return new RandomHistory(seed, mix).told();
    }

    private List<OrganizationCommand> told() {
        if (isOneIn(10)) {
            send(command());
        }
        send(opening());
        int length = 20 + random.nextInt(30);
        for (int i = 0; i < length; i++) {
            now = later();
            send(command());
        }
        return List.copyOf(commands);
    }

    private void send(OrganizationCommand command) {
        commands.add(command);
        if (journal.send(command) instanceof Accepted) {
            accepted.add(command);
        }
    }

    // --- time

    private Instant later() {
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> now;
            case 4, 5 -> notBefore(journal.open().nextDueAt());
            case 6 -> notBefore(journal.open().nextDueAt().minusSeconds(1));
            case 7 -> notBefore(closedAt().plus(Duration.ofHours(72)));
            case 8 -> notBefore(closedAt().plus(Duration.ofHours(72)).plusSeconds(1));
            case 9 -> now.plus(Duration.ofDays(1 + random.nextInt(5)));
            case 10 -> isOneIn(3) ? now.plus(Duration.ofDays(20 + random.nextInt(50))) : now;
            case 11 -> mix.has(CLOCK_JUMPS_BACK) ? now.minusSeconds(random.nextInt(7200)) : now;
            default -> now.plusSeconds(random.nextInt(3 * 3600));
        };
    }

    private Instant notBefore(Instant moment) {
        return moment.isBefore(now) ? now : moment;
    }

    private Instant closedAt() {
        return journal.openAt(now).periods().current().period().start();
    }

    // --- commands

    private OrganizationCommand command() {
        return switch (mix.kinds().get(random.nextInt(mix.kinds().size()))) {
            case CHANGE_PLAN ->
                new ChangePlan(
                        ACME,
                        now,
                        new PlanChangeId(newId("x")),
                        plan(),
                        random.nextBoolean() ? Effective.NOW : Effective.NEXT_PERIOD);
            case ADD_MEMBER -> new AddMember(ACME, now, user());
            case REMOVE_MEMBER -> new RemoveMember(ACME, now, user());
            case RESERVE ->
                new ReserveMinutes(
                        ACME,
                        now,
                        new ReservationId(newId("r")),
                        Minutes.of(Math.max(1, amount())),
                        isOneIn(3) ? Duration.ofHours(24) : Duration.ofMinutes(1 + random.nextInt(300)),
                        isOneIn(2) ? user() : null);
            case RELEASE -> new ReleaseReservation(ACME, now, new ReservationId(idOf("r")));
            case RECORD -> recording();
            case CORRECT ->
                new CorrectTranscription(
                        ACME,
                        now,
                        new CorrectionId(newId("c")),
                        new TranscriptionId(idOf("t")),
                        Minutes.of(amount()),
                        "measured again");
            case PURCHASE ->
                new PurchaseOverage(
                        ACME,
                        now,
                        new PurchaseId(newId("p")),
                        Minutes.of(1 + random.nextInt(80)),
                        mix.has(PACKS_EXPIRE) && isOneIn(2) ? expiry() : null,
                        isOneIn(2) ? new Price(BigDecimal.valueOf(random.nextInt(5000), 2), "EUR") : null);
            case REFUND ->
                new RefundOverage(
                        ACME,
                        now,
                        new RefundId(newId("f")),
                        new PurchaseId(idOf("p")),
                        isOneIn(2) ? null : Minutes.of(1 + random.nextInt(40)));
            case ROLL -> new RollBillingPeriod(ACME, now);
            case SEND_AGAIN -> accepted.isEmpty() ? recording() : Resent.at(now, earlier());
            case SEND_OTHERWISE -> accepted.isEmpty() ? recording() : Resent.otherwise(now, earlier());
        };
    }

    private OpenOrganization opening() {
        return new OpenOrganization(
                ACME, now, "Acme", plan(), ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))), anchor());
    }

    private LocalDateTime anchor() {
        return isOneIn(3)
                ? LocalDateTime.of(2026, 8, 31, 0, 0)
                : LocalDateTime.of(2026, 1, 1, random.nextInt(24), isOneIn(2) ? 0 : 30)
                        .plusDays(random.nextInt(700));
    }

    private Plan plan() {
        boolean unlimited = !mix.has(ONLY_HARD_PLANS) && isOneIn(8);
        boolean soft = !mix.has(ONLY_HARD_PLANS) && isOneIn(4);
        long[] included = {0, 10, 50, 100, 100, 150, 1000};
        return new Plan(
                "plan-" + random.nextInt(3),
                unlimited ? null : Minutes.of(included[random.nextInt(included.length)]),
                soft ? Plan.Limit.SOFT : Plan.Limit.HARD);
    }

    private RecordTranscription recording() {
        boolean inSeconds = isOneIn(4);
        long seconds = random.nextInt(60 * 60);
        return new RecordTranscription(
                ACME,
                now,
                new TranscriptionId(newId("t")),
                inSeconds ? Minutes.ofSeconds(seconds) : Minutes.of(amount()),
                inSeconds ? seconds : null,
                occurredAt(),
                isOneIn(2) ? user() : null,
                isOneIn(3) ? new ReservationId(idOf("r")) : null,
                mix.has(USAGE_ONLY_IF_ENOUGH) || isOneIn(4) ? OnInsufficient.REJECT : OnInsufficient.RECORD);
    }

    private @Nullable Instant occurredAt() {
        if (!journal.isOpen()) {
            return null;
        }
        return switch (random.nextInt(12)) {
            case 0 -> now.minusSeconds(random.nextInt(3 * 3600));
            case 1, 2 -> closedAt().minusSeconds(1 + random.nextInt(5 * 24 * 3600));
            case 3 -> closedAt();
            case 4 -> now.minus(Duration.ofDays(random.nextInt(90)));
            case 5 -> now.plusSeconds(random.nextInt(310));
            default -> null;
        };
    }

    private Instant expiry() {
        return switch (random.nextInt(6)) {
            case 0 ->
                journal.isOpen()
                        ? journal.openAt(now).periods().current().period().end()
                        : now;
            case 1 -> now;
            default -> now.plusSeconds(random.nextInt(60 * 24 * 3600));
        };
    }

    // --- amounts and identifiers

    private long amount() {
        return switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1, 2, 3 -> random.nextInt(10);
            case 4 -> remaining();
            case 5 -> remaining() + 1;
            case 6 -> random.nextInt(300);
            default -> 10 + random.nextInt(60);
        };
    }

    private long remaining() {
        if (!journal.isOpen()) {
            return 0;
        }
        Open organization = journal.openAt(now);
        Minutes remaining = organization.remaining();
        return remaining == null ? 500 : remaining.value();
    }

    private UserId user() {
        return new UserId("u" + random.nextInt(3));
    }

    private String newId(String kind) {
        return kind + ++ids;
    }

    /** An identifier of that kind that has been given out, mostly a recent one, or now and then one that never was. */
    private String idOf(String kind) {
        List<String> known = journal.events().stream()
                .map(OrganizationEvent::identity)
                .filter(identity -> identity != null && identity.id().startsWith(kind))
                .map(EventIdentity::id)
                .distinct()
                .toList();
        if (known.isEmpty() || isOneIn(20)) {
            return kind + "-never";
        }
        int back = isOneIn(3) ? random.nextInt(known.size()) : Math.min(random.nextInt(4), known.size() - 1);
        return known.get(known.size() - 1 - back);
    }

    private OrganizationCommand earlier() {
        return accepted.get(random.nextInt(accepted.size()));
    }

    private boolean isOneIn(int so) {
        return random.nextInt(so) == 0;
    }
}
