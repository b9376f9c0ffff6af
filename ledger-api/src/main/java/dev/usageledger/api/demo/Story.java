package dev.usageledger.api.demo;

import dev.usageledger.organization.BillingPeriod;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.AddMember;
import dev.usageledger.organization.OrganizationCommand.ChangePlan;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationCommand.CorrectTranscription;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.PurchaseOverage;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationCommand.RefundOverage;
import dev.usageledger.organization.OrganizationCommand.RemoveMember;
import dev.usageledger.organization.OrganizationCommand.ReserveMinutes;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PeriodCalendar;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.PlanChangeId;
import dev.usageledger.organization.Price;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.RefundId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one made-up organization until now: told in any order, sent in order of time. The same organization
 * and moment always make the same story.
 */
final class Story {
    private static final Duration LONGEST_UPLOAD = Duration.ofHours(6);

    private final OrganizationId id;
    private final PeriodCalendar calendar;
    private final Instant opened;
    private final Instant now;
    private final Random random;
    private final List<OrganizationCommand> commands = new ArrayList<>();
    private final List<UserId> members = new ArrayList<>();
    private final Map<UserId, String> emails = new LinkedHashMap<>();
    private int calls;

    Story(String id, String name, Plan plan, PeriodCalendar calendar, Instant opened, Instant now) {
        this.id = new OrganizationId(id);
        this.calendar = calendar;
        this.opened = opened;
        this.now = now;
        this.random = new Random(id.hashCode());
        commands.add(new OpenOrganization(this.id, opened, name, plan, calendar.zone(), calendar.anchor()));
    }

    OrganizationId organizationId() {
        return id;
    }

    /** The commands in the order in which they were received. */
    List<OrganizationCommand> commands() {
        return commands.stream()
                .sorted(Comparator.comparing(OrganizationCommand::receivedAt))
                .toList();
    }

    /** The e-mail addresses of those who are members now. */
    Map<UserId, String> emails() {
        return emails;
    }

    /** The period {@code back} periods ago; 0 is the current one. */
    BillingPeriod period(int back) {
        return calendar.period(calendar.periodContaining(now).index() - back);
    }

    /** When the current period began. */
    Instant start() {
        return period(0).start();
    }

    // --- what happens

    Story member(Person person) {
        commands.add(new AddMember(id, opened.plusSeconds(60L * (members.size() + 1)), person.userId()));
        members.add(person.userId());
        emails.put(person.userId(), person.email());
        return this;
    }

    Story leaves(Person person, Instant at) {
        commands.add(new RemoveMember(id, at, person.userId()));
        members.remove(person.userId());
        emails.remove(person.userId());
        return this;
    }

    /** What was used three periods ago and in those after it; uploads reserve now and then. */
    Story before(long... minutes) {
        for (int i = 0; i < minutes.length; i++) {
            BillingPeriod period = period(3 - i);
            Instant from = period.start().isAfter(opened) ? period.start() : opened.plus(Duration.ofHours(2));
            uses(from, period.end().minus(Duration.ofHours(8)), minutes[i], true);
        }
        return this;
    }

    /** Transcriptions of so many minutes in all, none of them reserved before. */
    Story uses(Instant from, Instant to, long minutes) {
        return uses(from, to, minutes, false);
    }

    private Story uses(Instant from, Instant to, long minutes, boolean someReserved) {
        int count = (int) Math.min(30, 1 + minutes / 25);
        long told = 0;
        for (long end : cuts(minutes, count)) {
            upload(someTime(from, to), to, end - told, someReserved && random.nextInt(3) == 0);
            told = end;
        }
        return this;
    }

    /** Where {@code count} parts of {@code total} end. */
    private List<Long> cuts(long total, int count) {
        List<Long> cuts = new ArrayList<>(random.longs(1, Math.max(2, total))
                .distinct()
                .limit(Math.min(count, total) - 1)
                .sorted()
                .boxed()
                .toList());
        cuts.add(total);
        return cuts;
    }

    private void upload(Instant occurredAt, Instant latest, long minutes, boolean reserved) {
        String call = "call-%04d".formatted(++calls);
        Instant done = earlier(occurredAt.plusSeconds(minutes * 60 + random.nextInt(240)), latest);
        long seconds = minutes * 60 - random.nextInt(60);
        ReservationId reservation = reserved ? new ReservationId("upload-" + call) : null;
        if (reservation != null) {
            Minutes estimate = Minutes.of(minutes + random.nextInt(4));
            commands.add(new ReserveMinutes(id, occurredAt, reservation, estimate, LONGEST_UPLOAD, anyMember()));
        }
        record(call, done, seconds, occurredAt, reservation);
    }

    /** A time in between; of the working day, if chance finds one. */
    private Instant someTime(Instant from, Instant to) {
        long seconds = Duration.between(from, to).toSeconds();
        Instant time = from;
        for (int attempt = 0; attempt < 20; attempt++) {
            time = from.plusSeconds(random.nextLong(seconds));
            if (isWorkingTime(time.atZone(calendar.zone()))) {
                break;
            }
        }
        return time;
    }

    private static boolean isWorkingTime(ZonedDateTime time) {
        return time.getHour() >= 8
                && time.getHour() < 18
                && time.getDayOfWeek() != DayOfWeek.SATURDAY
                && time.getDayOfWeek() != DayOfWeek.SUNDAY;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private @Nullable UserId anyMember() {
        return members.isEmpty() ? null : members.get(random.nextInt(members.size()));
    }

    Story records(String transcriptionId, Instant at, long minutes) {
        return record(transcriptionId, at, minutes * 60, null, null);
    }

    /** Usage that is reported when it is long over. */
    Story recordsLate(String transcriptionId, Instant at, long minutes, Instant occurredAt) {
        return record(transcriptionId, at, minutes * 60, occurredAt, null);
    }

    Story settles(String reservationId, String transcriptionId, Instant at, long minutes) {
        return record(transcriptionId, at, minutes * 60, null, new ReservationId(reservationId));
    }

    private Story record(
            String transcriptionId,
            Instant at,
            long seconds,
            @Nullable Instant occurredAt,
            @Nullable ReservationId reservation) {
        commands.add(new RecordTranscription(
                id,
                at,
                new TranscriptionId(transcriptionId),
                Minutes.ofSeconds(seconds),
                seconds,
                occurredAt,
                anyMember(),
                reservation,
                OnInsufficient.RECORD));
        return this;
    }

    Story reserves(String reservationId, Instant at, long minutes, Duration ttl) {
        commands.add(
                new ReserveMinutes(id, at, new ReservationId(reservationId), Minutes.of(minutes), ttl, anyMember()));
        return this;
    }

    Story corrects(String correctionId, String transcriptionId, Instant at, long minutes, String reason) {
        commands.add(new CorrectTranscription(
                id,
                at,
                new CorrectionId(correctionId),
                new TranscriptionId(transcriptionId),
                Minutes.of(minutes),
                reason));
        return this;
    }

    Story buys(String purchaseId, Instant at, long minutes, String euros) {
        return buys(purchaseId, at, minutes, euros, null);
    }

    Story buys(String purchaseId, Instant at, long minutes, String euros, @Nullable Instant expiresAt) {
        Price price = new Price(new BigDecimal(euros), "EUR");
        commands.add(new PurchaseOverage(id, at, new PurchaseId(purchaseId), Minutes.of(minutes), expiresAt, price));
        return this;
    }

    Story refunds(String refundId, String purchaseId, Instant at, long minutes) {
        commands.add(
                new RefundOverage(id, at, new RefundId(refundId), new PurchaseId(purchaseId), Minutes.of(minutes)));
        return this;
    }

    Story changesPlan(String changeId, Instant at, Plan plan, Effective effective) {
        commands.add(new ChangePlan(id, at, new PlanChangeId(changeId), plan, effective));
        return this;
    }
}
