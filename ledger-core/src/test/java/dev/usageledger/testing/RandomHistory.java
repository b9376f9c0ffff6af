package dev.usageledger.testing;

import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.Decision;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.AddMember;
import dev.usageledger.organization.OrganizationCommand.ChangePlan;
import dev.usageledger.organization.OrganizationCommand.CorrectTranscription;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.PurchaseOverage;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RefundOverage;
import dev.usageledger.organization.OrganizationCommand.ReleaseReservation;
import dev.usageledger.organization.OrganizationCommand.RemoveMember;
import dev.usageledger.organization.OrganizationCommand.ReserveMinutes;
import dev.usageledger.organization.OrganizationCommand.RollBillingPeriod;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Past;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.PlanChangeId;
import dev.usageledger.organization.Price;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.RefundId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What callers might send to one organization, and what the rules alone make of it. The same seed gives the same
 * history. Identifiers come again now and then, some with other content, and clocks jump back, so replays, conflicts
 * and rejections are all among what is decided.
 *
 * @param events all that was accepted
 * @param organization what the events add up to
 */
public record RandomHistory(List<Step> steps, List<OrganizationEvent> events, Organization organization) {
    private static final OrganizationDecider DECIDER = new OrganizationDecider(LedgerPolicy.STANDARD);

    /**
     * A command, and what it came to.
     *
     * @param organization the organization after it
     * @param events how many had happened by then
     */
    public record Step(OrganizationCommand command, Decision decision, Organization organization, int events) {}

    /** A history of that many commands under {@link LedgerPolicy#STANDARD}; the first opens the organization. */
    public static RandomHistory of(long seed, OrganizationId organizationId, int commands) {
        Commands next = new Commands(new Random(seed), organizationId);
        List<OrganizationCommand> sent = new ArrayList<>();
        sent.add(next.open());
        while (sent.size() < commands) {
            sent.add(next.any());
        }
        return of(sent);
    }

    /** What the rules make of these commands of one organization. */
    public static RandomHistory of(List<OrganizationCommand> commands) {
        Memory memory = new Memory();
        List<Step> steps = new ArrayList<>();
        Organization organization = Organization.NOT_OPENED;
        for (OrganizationCommand command : commands) {
            Decision decision = DECIDER.decide(command, organization, memory.of(command));
            if (decision instanceof Accepted accepted) {
                accepted.events().forEach(memory::note);
                organization = accepted.organization();
            }
            steps.add(new Step(command, decision, organization, memory.events.size()));
        }
        return new RandomHistory(List.copyOf(steps), List.copyOf(memory.events), organization);
    }

    /** The organization after each event. */
    public List<Open> states() {
        List<Open> states = new ArrayList<>();
        Organization state = Organization.NOT_OPENED;
        for (OrganizationEvent event : events) {
            state = OrganizationDecider.evolve(state, event);
            states.add((Open) state);
        }
        return states;
    }

    /** What {@link Past#recalled} would find, without going through a long history for each command. */
    private static final class Memory {
        private final List<OrganizationEvent> events = new ArrayList<>();
        private final Map<EventIdentity, OrganizationEvent> byIdentity = new HashMap<>();
        private final Map<TranscriptionId, TranscriptionCorrected> lastCorrections = new HashMap<>();

        void note(OrganizationEvent event) {
            events.add(event);
            EventIdentity identity = event.identity();
            if (identity != null) {
                byIdentity.put(identity, event);
            }
            if (event instanceof TranscriptionCorrected correction) {
                lastCorrections.put(correction.transcriptionId(), correction);
            }
        }

        Past of(OrganizationCommand command) {
            Map<EventIdentity, OrganizationEvent> found = new HashMap<>();
            for (EventIdentity identity : command.recalls()) {
                OrganizationEvent event = byIdentity.get(identity);
                if (event != null) {
                    found.put(identity, event);
                }
            }
            return new Past(
                    found,
                    command instanceof CorrectTranscription correct
                            ? lastCorrections.get(correct.transcriptionId())
                            : null);
        }
    }

    private static final class Commands {
        private static final List<String> ZONES =
                List.of("UTC", "Z", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "+05:45");

        private final Random random;
        private final OrganizationId id;
        private Instant now = Instant.parse("2026-01-31T08:00:00Z");
        private final Map<String, Integer> identifiers = new HashMap<>();

        Commands(Random random, OrganizationId id) {
            this.random = random;
            this.id = id;
        }

        OpenOrganization open() {
            return new OpenOrganization(
                    id,
                    now,
                    "Größe & “Söhne” 𝄞",
                    plan(),
                    ZoneId.of(oneOf(ZONES)),
                    LocalDateTime.parse("2026-01-31T02:30:00").minusDays(random.nextInt(40)));
        }

        OrganizationCommand any() {
            passTime();
            int dice = random.nextInt(100);
            if (dice < 18) {
                return reserve();
            } else if (dice < 26) {
                return new ReleaseReservation(id, now, new ReservationId(known("r")));
            } else if (dice < 52) {
                return record();
            } else if (dice < 66) {
                return correct();
            } else if (dice < 76) {
                return purchase();
            } else if (dice < 84) {
                return refund();
            } else if (dice < 88) {
                return new RollBillingPeriod(id, now);
            } else if (dice < 94) {
                return changePlan();
            } else if (dice < 97) {
                return new AddMember(id, now, user());
            } else if (dice < 99) {
                return new RemoveMember(id, now, user());
            }
            return open();
        }

        private void passTime() {
            int dice = random.nextInt(100);
            if (dice < 70) {
                now = now.plus(random.nextLong(Duration.ofHours(6).toNanos() / 1_000), ChronoUnit.MICROS);
            } else if (dice < 93) {
                now = now.plus(Duration.ofMinutes(random.nextInt(10 * 24 * 60)));
            } else if (dice < 96) {
                now = now.plus(Duration.ofDays(20 + random.nextInt(50)));
            } else {
                now = now.minusSeconds(random.nextInt(600));
            }
        }

        private ReserveMinutes reserve() {
            Duration ttl =
                    random.nextBoolean() ? ReserveMinutes.DEFAULT_TTL : Duration.ofSeconds(1 + random.nextInt(86_400));
            return new ReserveMinutes(id, now, new ReservationId(next("r")), moved(), ttl, userOrNone());
        }

        private RecordTranscription record() {
            Long seconds = random.nextInt(3) == 0 ? random.nextLong(6_000) : null;
            return new RecordTranscription(
                    id,
                    now,
                    new TranscriptionId(next("t")),
                    seconds == null ? Minutes.of(random.nextInt(120)) : Minutes.ofSeconds(seconds),
                    seconds,
                    occurredAt(),
                    userOrNone(),
                    random.nextInt(3) == 0 ? new ReservationId(known("r")) : null,
                    random.nextInt(4) == 0
                            ? RecordTranscription.OnInsufficient.REJECT
                            : RecordTranscription.OnInsufficient.RECORD);
        }

        private @Nullable Instant occurredAt() {
            return switch (random.nextInt(5)) {
                case 0 -> now.minusSeconds(random.nextInt(3_600));
                case 1 -> now.minus(Duration.ofHours(random.nextInt(40 * 24))).plusNanos(random.nextInt(1_000));
                case 2 -> now.plusSeconds(random.nextInt(400));
                default -> null;
            };
        }

        private CorrectTranscription correct() {
            Minutes minutes = Minutes.of(random.nextInt(3) == 0 ? 0 : random.nextInt(150));
            return new CorrectTranscription(
                    id,
                    now,
                    new CorrectionId(next("c")),
                    new TranscriptionId(known("t")),
                    minutes,
                    "measured \"again\"");
        }

        private PurchaseOverage purchase() {
            Instant expiresAt =
                    random.nextBoolean() ? null : now.plus(Duration.ofMinutes(random.nextInt(40 * 24 * 60)));
            Price price = random.nextBoolean()
                    ? null
                    : new Price(BigDecimal.valueOf(random.nextInt(100_000), random.nextInt(5)), "EUR");
            return new PurchaseOverage(id, now, new PurchaseId(next("p")), moved(), expiresAt, price);
        }

        private RefundOverage refund() {
            return new RefundOverage(
                    id,
                    now,
                    new RefundId(next("f")),
                    new PurchaseId(known("p")),
                    random.nextBoolean() ? null : moved());
        }

        private ChangePlan changePlan() {
            return new ChangePlan(
                    id, now, new PlanChangeId(next("x")), plan(), oneOf(List.of(ChangePlan.Effective.values())));
        }

        private Plan plan() {
            Minutes included = random.nextInt(8) == 0 ? null : Minutes.of(random.nextInt(6) * 60L);
            return new Plan("plan-" + random.nextInt(4), included, oneOf(List.of(Plan.Limit.values())));
        }

        private Minutes moved() {
            return Minutes.of(1L + random.nextInt(random.nextInt(50) == 0 ? 1_000_000_000 : 90));
        }

        private UserId user() {
            return new UserId("u" + random.nextInt(4));
        }

        private @Nullable UserId userOrNone() {
            return random.nextBoolean() ? user() : null;
        }

        /** Nearly always a new identifier; otherwise one that may be taken. */
        private String next(String kind) {
            return random.nextInt(12) == 0 ? known(kind) : kind + identifiers.merge(kind, 1, Integer::sum);
        }

        /** One that was probably given out not long ago, whatever became of it. */
        private String known(String kind) {
            return kind + Math.max(1, identifiers.getOrDefault(kind, 0) - random.nextInt(6));
        }

        private <T> T oneOf(List<T> choices) {
            return choices.get(random.nextInt(choices.size()));
        }
    }
}
