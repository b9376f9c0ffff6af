package dev.usageledger.projections.processing;

import dev.usageledger.organization.*;
import dev.usageledger.organization.OrganizationCommand.*;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.Plan.Limit;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Histories that nobody would think of. Identifiers come from small pools, so that commands replay, conflict and meet
 * ended holds and spent packs; time jumps by anything from nothing to three months, and sometimes back.
 */
final class RandomHistory {
    private static final List<String> ORGANIZATIONS = List.of("acme", "globex", "initech");
    private static final List<ZoneId> ZONES =
            List.of(ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), ZoneId.of("America/Sao_Paulo"));

    private final Random random;
    private final History history;

    RandomHistory(long seed, History history) {
        this.random = new Random(seed);
        this.history = history;
    }

    void happen(int commands) {
        for (String organization : ORGANIZATIONS) {
            history.send(opening(new OrganizationId(organization)));
        }
        for (int i = 0; i < commands; i++) {
            history.at(history.now().plus(step()));
            history.send(command(new OrganizationId(oneOf(ORGANIZATIONS))));
        }
    }

    private OrganizationCommand opening(OrganizationId id) {
        LocalDateTime anchor =
                LocalDateTime.of(2025, 1 + random.nextInt(12), 28, 0, 0).plusDays(random.nextInt(4));
        return new OpenOrganization(id, history.now(), "The " + id, plan(), oneOf(ZONES), anchor);
    }

    private Duration step() {
        return switch (random.nextInt(20)) {
            case 0 -> Duration.ofDays(random.nextInt(90));
            case 1 -> Duration.ofDays(3).plusSeconds(random.nextInt(3) - 1);
            case 2 -> Duration.ofMinutes(-random.nextInt(30));
            case 3, 4, 5 -> Duration.ZERO;
            default -> Duration.ofMillis(random.nextInt(12 * 3_600_000));
        };
    }

    private OrganizationCommand command(OrganizationId id) {
        Instant now = history.now();
        return switch (random.nextInt(20)) {
            case 0 -> new ChangePlan(id, now, new PlanChangeId(anyOf("c", 30)), plan(), oneOf(Effective.values()));
            case 1 -> new AddMember(id, now, user());
            case 2 -> new RemoveMember(id, now, user());
            case 3, 4, 5 -> new ReserveMinutes(id, now, reservation(), movable(), holdFor(), maybe(user()));
            case 6 -> new ReleaseReservation(id, now, reservation());
            case 7, 8, 9 ->
                new CorrectTranscription(id, now, new CorrectionId(anyOf("k", 200)), transcription(), minutes(), "why");
            case 10, 11 ->
                new PurchaseOverage(
                        id,
                        now,
                        purchase(),
                        movable(),
                        maybe(expiry()),
                        maybe(new Price(BigDecimal.valueOf(random.nextInt(1000), 2), "EUR")));
            case 12 -> new RefundOverage(id, now, new RefundId(anyOf("f", 40)), purchase(), maybe(movable()));
            case 13 -> new RollBillingPeriod(id, now);
            default ->
                new RecordTranscription(
                        id,
                        now,
                        transcription(),
                        minutes(),
                        null,
                        maybe(now.minus(Duration.ofMinutes(random.nextInt(60 * 24 * 45)))),
                        maybe(user()),
                        maybe(reservation()),
                        oneOf(OnInsufficient.values()));
        };
    }

    private Plan plan() {
        return switch (random.nextInt(8)) {
            case 0 -> new Plan("all-in", null, Limit.SOFT);
            case 1 -> new Plan("nothing", Minutes.ZERO, Limit.HARD);
            default ->
                new Plan("team-" + random.nextInt(3), Minutes.of(50L + random.nextInt(200)), oneOf(Limit.values()));
        };
    }

    private Minutes minutes() {
        return Minutes.of(random.nextInt(5) == 0 ? random.nextInt(400) : random.nextInt(40));
    }

    private Minutes movable() {
        return Minutes.of(1L + random.nextInt(60));
    }

    private Duration holdFor() {
        return Duration.ofMinutes(1L + random.nextInt(24 * 60));
    }

    private Instant expiry() {
        return history.now().plus(Duration.ofHours(1L + random.nextInt(24 * 60)));
    }

    private UserId user() {
        return new UserId(anyOf("user-", 5));
    }

    private ReservationId reservation() {
        return new ReservationId(anyOf("r", 40));
    }

    private TranscriptionId transcription() {
        return new TranscriptionId(anyOf("t", 60));
    }

    private PurchaseId purchase() {
        return new PurchaseId(anyOf("p", 20));
    }

    private String anyOf(String prefix, int many) {
        return prefix + random.nextInt(many);
    }

    private <T> @Nullable T maybe(T value) {
        return random.nextBoolean() ? value : null;
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    @SafeVarargs
    private <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }
}
