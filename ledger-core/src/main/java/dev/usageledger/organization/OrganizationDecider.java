package dev.usageledger.organization;

import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Decision.Rejected;
import dev.usageledger.organization.Decision.Replayed;
import dev.usageledger.organization.Organization.NotOpened;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand.*;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Counted;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded.Settlement;
import dev.usageledger.organization.Rejection.*;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules. Pure: the same command, organization and past always come to the same decision.
 *
 * <p>What fell due at or before a command is received happens before it, in order of its due time, so nobody is ever
 * refused minutes because a reset job was late. A rejected or replayed command leaves no event at all; what was due is
 * then still due.
 */
public final class OrganizationDecider {
    private final LedgerPolicy policy;

    public OrganizationDecider(LedgerPolicy policy) {
        this.policy = policy;
    }

    /** What becomes of {@code command}. {@code past} must hold what {@link OrganizationCommand#recalls()} names. */
    public Decision decide(OrganizationCommand command, Organization organization, Past past) {
        OrganizationEvent original = past.original(command);
        if (original != null) {
            return Replay.of(command, original);
        }
        try {
            return switch (organization) {
                case NotOpened nothing -> decide(command, nothing);
                case Open open -> decide(command, open, past);
            };
        } catch (ArithmeticException overflow) {
            return new Rejected(new AmountTooLarge());
        }
    }

    /** The organization at {@code at}, with everything that is due by then; nothing is recorded. */
    public Open advanced(Open organization, Instant at) {
        return story(organization, at).organization;
    }

    /** What happens by itself by {@code at}, in order, and the organization after it; nothing is recorded. */
    public Due due(Open organization, Instant at) {
        Story story = story(organization, at);
        return new Due(List.copyOf(story.events), story.organization);
    }

    /** What has fallen due, and the organization after it. */
    public record Due(List<OrganizationEvent> events, Open organization) {
        /** Whether a period has ended. */
        public boolean rolls() {
            return events.stream().anyMatch(BillingPeriodRolled.class::isInstance);
        }
    }

    /**
     * The organization as it would be had the usage of a period been so many minutes more by then, or fewer where
     * negative. They are charged and given back as a correction does it; nothing is refused or announced.
     *
     * @param period index of the current period or of the one before it
     */
    public static Open inHindsight(Open organization, long period, long minutes, Instant at) {
        PeriodAccount account = organization.periods().account(period);
        return minutes < 0
                ? givenBack(organization, period, GivenBack.of(Minutes.of(-minutes), account, organization, at))
                : charged(organization, period, charge(Minutes.of(minutes), account, organization.overage()));
    }

    private Decision decide(OrganizationCommand command, NotOpened nothing) {
        return command instanceof OpenOrganization c
                ? accepted(nothing, opened(c))
                : new Rejected(new OrganizationNotFound(command.organizationId()));
    }

    private Decision decide(OrganizationCommand command, Open organization, Past past) {
        Story story = story(organization, organization.notBefore(command.receivedAt()));
        return switch (command) {
            case OpenOrganization c -> throw new IllegalStateException(c.organizationId() + " is open without opening");
            case ChangePlan c -> change(c, story);
            case AddMember c -> add(c, story);
            case RemoveMember c -> remove(c, story);
            case ReserveMinutes c -> reserve(c, story);
            case ReleaseReservation c -> release(c, story, past);
            case RecordTranscription c -> record(c, story, past);
            case CorrectTranscription c -> correct(c, story, past);
            case PurchaseOverage c -> purchase(c, story);
            case RefundOverage c -> refund(c, story, past);
            case RollBillingPeriod c -> story.accepted(story.lastRoll());
        };
    }

    private static OrganizationOpened opened(OpenOrganization c) {
        BillingPeriod period = new PeriodCalendar(c.zone(), c.periodAnchor()).periodContaining(c.receivedAt());
        return new OrganizationOpened(
                c.receivedAt(), c.organizationId(), c.name(), c.plan(), c.zone(), c.periodAnchor(), period);
    }

    private static Decision accepted(NotOpened nothing, OrganizationOpened event) {
        return new Accepted(List.of(event), event, (Open) evolve(nothing, event));
    }

    // --- plan and members

    private Decision change(ChangePlan c, Story story) {
        return switch (c.effective()) {
            case NOW -> story.accept(changed(c, story));
            case NEXT_PERIOD ->
                story.accept(new PlanChangeScheduled(
                        story.at,
                        c.changeId(),
                        c.plan(),
                        story.organization.periods().current().period().end()));
        };
    }

    private PlanChanged changed(ChangePlan c, Story story) {
        PeriodAccount current = story.organization.periods().current();
        Minutes covered = current.onPlan(c.plan(), Minutes.ZERO).baseFor(current.uncovered());
        PlanChanged change = new PlanChanged(story.at, c.changeId(), c.plan(), covered, List.of());
        return new PlanChanged(story.at, c.changeId(), c.plan(), covered, rearmedBy(change, story.organization));
    }

    private static Decision add(AddMember c, Story story) {
        Instant since = story.organization.members().get(c.userId());
        return since == null
                ? story.accept(new MemberAdded(story.at, c.userId()))
                : new Replayed(new MemberAdded(since, c.userId()));
    }

    private static Decision remove(RemoveMember c, Story story) {
        MemberRemoved removed = new MemberRemoved(story.at, c.userId());
        return story.organization.members().containsKey(c.userId()) ? story.accept(removed) : new Replayed(removed);
    }

    // --- holds

    private static Decision reserve(ReserveMinutes c, Story story) {
        Admission admission = Admission.ofCurrent(c.minutes(), story.organization);
        return admission.isGranted()
                ? story.accept(new MinutesReserved(
                        story.at, c.reservationId(), c.minutes(), c.ttl(), story.at.plus(c.ttl()), c.userId()))
                : new Rejected(admission.refusal());
    }

    private static Decision release(ReleaseReservation c, Story story, Past past) {
        Hold hold = story.organization.holds().find(c.reservationId());
        if (hold != null) {
            return story.accept(new ReservationReleased(story.at, hold.reservationId(), hold.minutes()));
        }
        return past.find(EventIdentity.reservation(c.reservationId())) instanceof MinutesReserved reserved
                ? new Rejected(new AlreadyExpired(c.reservationId(), reserved.expiresAt()))
                : new Rejected(new ReservationNotFound(c.reservationId()));
    }

    // --- usage

    private Decision record(RecordTranscription c, Story story, Past past) {
        if (c.occurredAt() != null && c.occurredAt().isAfter(story.at.plus(policy.futureTolerance()))) {
            return new Rejected(new OccurredInTheFuture(c.occurredAt(), story.at, policy.futureTolerance()));
        }
        ReservationId named = c.reservationId();
        Settlement settlement = named == null ? null : settlement(named, story.organization, past);
        if (named != null && settlement == null) {
            return new Rejected(new ReservationNotFound(named));
        }
        Open unheld = named == null ? story.organization : withoutHold(story.organization, named);
        Instant occurredAt = c.occurredAt() == null ? story.at : c.occurredAt();
        Counted counted = counted(occurredAt, unheld.periods(), story.at);
        PeriodAccount account = account(counted, unheld.periods());
        if (c.onInsufficient() == OnInsufficient.REJECT) {
            Admission admission = new Admission(c.minutes(), account, unheld, staysInItsPeriod(c, unheld));
            if (!admission.isGranted()) {
                return new Rejected(admission.refusal());
            }
        }
        TranscriptionRecorded recorded = new TranscriptionRecorded(
                story.at,
                c.transcriptionId(),
                c.minutes(),
                c.durationSeconds(),
                occurredAt,
                c.occurredAt() != null,
                c.userId(),
                settlement,
                counted,
                account.period().index(),
                charge(c.minutes(), account, unheld.overage()));
        Hold hold = named == null ? null : story.organization.holds().find(named);
        return hold == null
                ? story.accept(recorded)
                : story.accept(
                        recorded,
                        new ReservationSettled(story.at, hold.reservationId(), hold.minutes(), c.transcriptionId()));
    }

    private static Open withoutHold(Open organization, ReservationId named) {
        return organization.with(organization.holds().without(named));
    }

    /** Sent in the next period, usage that occurred in this one would still be counted in this one. */
    private static boolean staysInItsPeriod(RecordTranscription c, Open organization) {
        return c.occurredAt() != null
                && organization.periods().current().period().contains(c.occurredAt());
    }

    /** What naming this hold comes to; {@code null} when there never was such a hold. */
    private static @Nullable Settlement settlement(ReservationId named, Open organization, Past past) {
        if (organization.holds().find(named) != null) {
            return new Settlement(named, Settlement.Outcome.SETTLED);
        }
        if (past.find(EventIdentity.reservation(named)) == null) {
            return null;
        }
        OrganizationEvent end = past.find(EventIdentity.endOfReservation(named));
        return new Settlement(
                named,
                switch (end) {
                    case ReservationSettled e -> Settlement.Outcome.ALREADY_SETTLED;
                    case ReservationReleased e -> Settlement.Outcome.ALREADY_RELEASED;
                    // No end on record and no longer open: it is among what has just fallen due.
                    case null, default -> Settlement.Outcome.ALREADY_EXPIRED;
                });
    }

    private Counted counted(Instant occurredAt, Periods periods, Instant at) {
        if (!occurredAt.isBefore(periods.current().period().start())) {
            return Counted.CURRENT_PERIOD;
        }
        PeriodAccount closed = periods.stillReachable(at, policy.lateWindow());
        return closed != null && closed.period().contains(occurredAt)
                ? Counted.CLOSED_PERIOD
                : Counted.LATE_IN_CURRENT_PERIOD;
    }

    private static PeriodAccount account(Counted counted, Periods periods) {
        PeriodAccount previous = periods.previous();
        return counted == Counted.CLOSED_PERIOD && previous != null ? previous : periods.current();
    }

    private static Charge charge(Minutes minutes, PeriodAccount account, Overage overage) {
        Minutes fromBase = account.baseFor(minutes);
        List<PackCharge> fromOverage = overage.chargesFor(minutes.minus(fromBase));
        Minutes uncovered = minutes.minus(fromBase).minus(PackCharge.total(fromOverage));
        return new Charge(fromBase, fromOverage, uncovered);
    }

    private Decision correct(CorrectTranscription c, Story story, Past past) {
        if (!(past.find(EventIdentity.transcription(c.transcriptionId())) instanceof TranscriptionRecorded recorded)) {
            return new Rejected(new TranscriptionNotFound(c.transcriptionId()));
        }
        Open organization = story.organization;
        PeriodAccount account = reachable(recorded.period(), organization.periods(), story.at);
        if (account == null) {
            BillingPeriod closed = organization.periods().calendar().period(recorded.period());
            return new Rejected(new PeriodClosed(c.transcriptionId(), closed, closed.end()));
        }
        TranscriptionCorrected last = past.lastCorrection();
        Minutes before = last == null ? recorded.minutes() : last.minutes();
        return story.accept(
                c.minutes().exceeds(before) ? raised(c, before, account, story) : lowered(c, before, account, story));
    }

    private @Nullable PeriodAccount reachable(long periodIndex, Periods periods, Instant at) {
        if (periods.isCurrent(periodIndex)) {
            return periods.current();
        }
        PeriodAccount closed = periods.stillReachable(at, policy.lateWindow());
        return closed != null && closed.period().index() == periodIndex ? closed : null;
    }

    private static TranscriptionCorrected raised(
            CorrectTranscription c, Minutes before, PeriodAccount account, Story story) {
        Charge charged = charge(c.minutes().minus(before), account, story.organization.overage());
        return corrected(c, before, account, story, charged, Charge.NOTHING, List.of(), List.of());
    }

    private static TranscriptionCorrected lowered(
            CorrectTranscription c, Minutes before, PeriodAccount account, Story story) {
        GivenBack back = GivenBack.of(before.minus(c.minutes()), account, story.organization, story.at);
        return corrected(c, before, account, story, Charge.NOTHING, back.charge, back.lapsed, back.covered);
    }

    /**
     * What giving minutes back comes to.
     *
     * @param lapsed the part that lapses at once because its pack has expired
     * @param covered uncovered minutes of the current period that the packs given back to now pay
     */
    private record GivenBack(Charge charge, List<PackCharge> lapsed, List<PackCharge> covered) {
        static GivenBack of(Minutes minutes, PeriodAccount account, Open organization, Instant at) {
            Charge charge = account.undone(minutes);
            List<PackCharge> lapsed = organization.overage().lapsing(charge.fromOverage(), at);
            Overage overage =
                    organization.overage().givenBack(charge.fromOverage()).lapsed(lapsed);
            Periods periods = organization.periods().givenBack(account.period().index(), charge);
            return new GivenBack(
                    charge, lapsed, overage.chargesFor(periods.current().uncovered()));
        }
    }

    private static TranscriptionCorrected corrected(
            CorrectTranscription c,
            Minutes before,
            PeriodAccount account,
            Story story,
            Charge charged,
            Charge givenBack,
            List<PackCharge> lapsed,
            List<PackCharge> covered) {
        return new TranscriptionCorrected(
                story.at,
                c.correctionId(),
                c.transcriptionId(),
                before,
                c.minutes(),
                c.reason(),
                account.period().index(),
                charged,
                givenBack,
                lapsed,
                covered);
    }

    // --- overage

    private Decision purchase(PurchaseOverage c, Story story) {
        if (c.expiresAt() != null && !c.expiresAt().isAfter(story.at)) {
            return new Rejected(new ExpiryNotInTheFuture(c.expiresAt(), story.at));
        }
        return story.accept(purchased(c, story, rearmedBy(purchased(c, story, List.of()), story.organization)));
    }

    private static OveragePurchased purchased(PurchaseOverage c, Story story, List<Integer> rearmed) {
        Minutes covered = c.minutes().min(story.organization.periods().current().uncovered());
        return new OveragePurchased(story.at, c.purchaseId(), c.minutes(), c.expiresAt(), c.price(), covered, rearmed);
    }

    private static Decision refund(RefundOverage c, Story story, Past past) {
        OveragePack pack = story.organization.overage().pack(c.purchaseId()).orElse(null);
        if (pack == null && past.find(EventIdentity.purchase(c.purchaseId())) == null) {
            return new Rejected(new PurchaseNotFound(c.purchaseId()));
        }
        Minutes unspent = pack == null ? Minutes.ZERO : pack.remaining();
        Minutes asked = c.minutes() == null ? unspent : c.minutes();
        if (asked.exceeds(unspent) || unspent.isZero()) {
            return new Rejected(new RefundExceedsUnspent(c.purchaseId(), c.minutes(), unspent));
        }
        return story.accept(new OverageRefunded(story.at, c.refundId(), c.purchaseId(), asked, c.minutes() != null));
    }

    // --- thresholds

    /** The thresholds that what {@code event} adds brings the organization back below. */
    private static List<Integer> rearmedBy(OrganizationEvent event, Open organization) {
        Open after = (Open) evolve(organization, event);
        return organization.periods().thresholdsReached().stream()
                .filter(percent -> !after.hasUsedAtLeast(percent))
                .toList();
    }

    // --- what is due

    private Story story(Open organization, Instant at) {
        Story story = new Story(organization, at);
        OrganizationEvent next = nextDue(story.organization, at);
        while (next != null) {
            story.happened(next);
            next = nextDue(story.organization, at);
        }
        return story;
    }

    /** At one instant expired holds come first, then expired packs, then the roll. */
    private static @Nullable OrganizationEvent nextDue(Open organization, Instant at) {
        BillingPeriod period = organization.periods().current().period();
        Instant until = period.end().isAfter(at) ? at : period.end();
        Hold hold = organization.holds().nextToExpire();
        OveragePack pack = organization.overage().nextToExpire().orElse(null);
        Instant packExpiry = pack == null ? null : pack.expiresAt();
        if (hold != null
                && !hold.expiresAt().isAfter(until)
                && (packExpiry == null || !packExpiry.isBefore(hold.expiresAt()))) {
            return new ReservationExpired(at, hold.reservationId(), hold.minutes(), hold.expiresAt());
        }
        if (pack != null && packExpiry != null && !packExpiry.isAfter(until)) {
            return new OveragePackExpired(at, pack.purchaseId(), pack.remaining(), packExpiry);
        }
        return period.end().isAfter(at) ? null : rolled(organization.periods(), at);
    }

    private static BillingPeriodRolled rolled(Periods periods, Instant at) {
        PeriodAccount closing = periods.current();
        Minutes base = closing.baseRemaining();
        return new BillingPeriodRolled(
                at,
                closing.period(),
                periods.calendar().period(closing.period().index() + 1),
                periods.planAfterRoll(),
                base == null ? Minutes.ZERO : base);
    }

    /** What happens to one organization at one instant: each event is applied before the next is thought of. */
    private final class Story {
        private final Instant at;
        private final List<OrganizationEvent> events = new ArrayList<>();
        private Open organization;

        Story(Open organization, Instant at) {
            this.organization = organization;
            this.at = at;
        }

        void happened(OrganizationEvent event) {
            apply(event);
            announceThresholds();
        }

        Decision accept(OrganizationEvent entry) {
            happened(entry);
            return accepted(entry);
        }

        Decision accept(OrganizationEvent entry, OrganizationEvent consequence) {
            apply(entry);
            apply(consequence);
            announceThresholds();
            return accepted(entry);
        }

        Decision accepted(@Nullable OrganizationEvent entry) {
            return new Accepted(events, entry, organization);
        }

        @Nullable
        BillingPeriodRolled lastRoll() {
            return events.reversed().stream()
                    .filter(BillingPeriodRolled.class::isInstance)
                    .map(BillingPeriodRolled.class::cast)
                    .findFirst()
                    .orElse(null);
        }

        private void apply(OrganizationEvent event) {
            events.add(event);
            organization = (Open) evolve(organization, event);
        }

        private void announceThresholds() {
            for (int percent : policy.thresholds()) {
                Minutes capacity = organization.capacity();
                PeriodAccount current = organization.periods().current();
                if (capacity != null
                        && !organization.periods().thresholdsReached().contains(percent)
                        && organization.hasUsedAtLeast(percent)) {
                    apply(new ThresholdReached(at, percent, current.period().index(), current.used(), capacity));
                }
            }
        }
    }

    /**
     * The organization after {@code event}. Only assigns: every number it needs is in the event, so a replay gives the
     * same organization whatever the settings are by then.
     */
    public static Organization evolve(Organization organization, OrganizationEvent event) {
        return switch (organization) {
            case NotOpened nothing when event instanceof OrganizationOpened e -> opened(e);
            case NotOpened nothing ->
                throw new IllegalStateException(event.getClass().getSimpleName() + " before OrganizationOpened");
            case Open open -> applied(event, open).recordedAt(event.recordedAt());
        };
    }

    private static Open opened(OrganizationOpened e) {
        PeriodCalendar calendar = new PeriodCalendar(e.zone(), e.periodAnchor());
        Periods periods = Periods.opened(calendar, e.plan(), e.period());
        return new Open(e.organizationId(), e.name(), periods, Overage.NONE, Holds.NONE, Map.of(), e.recordedAt());
    }

    private static Open applied(OrganizationEvent event, Open open) {
        Periods periods = open.periods();
        Overage overage = open.overage();
        Holds holds = open.holds();
        return switch (event) {
            case OrganizationOpened e -> throw new IllegalStateException(e.organizationId() + " was opened twice");
            case PlanChanged e ->
                open.with(periods.onPlan(e.plan(), e.covered()).rearmed(e.rearmed()));
            case PlanChangeScheduled e -> open.with(periods.withNextPlan(e.plan()));
            case MemberAdded e -> open.withMembers(added(open.members(), e));
            case MemberRemoved e -> open.withMembers(removed(open.members(), e));
            case MinutesReserved e -> open.with(holds.with(new Hold(e.reservationId(), e.minutes(), e.expiresAt())));
            case ReservationReleased e -> open.with(holds.without(e.reservationId()));
            case ReservationSettled e -> open.with(holds.without(e.reservationId()));
            case ReservationExpired e -> open.with(holds.without(e.reservationId()));
            case TranscriptionRecorded e -> charged(open, e.period(), e.charge());
            case TranscriptionCorrected e ->
                givenBack(
                        charged(open, e.period(), e.charged()),
                        e.period(),
                        new GivenBack(e.givenBack(), e.lapsed(), e.covered()));
            case OveragePurchased e -> purchased(open, e);
            case OverageRefunded e -> open.with(overage.refunded(new PackCharge(e.purchaseId(), e.minutes())));
            case OveragePackExpired e ->
                open.with(overage.lapsed(List.of(new PackCharge(e.purchaseId(), e.minutes()))));
            // Periods hold no packs: there is nothing a roll could do to overage.
            case BillingPeriodRolled e -> open.with(periods.rolled(e.opened(), e.plan()));
            case ThresholdReached e -> open.with(periods.reached(e.percent()));
        };
    }

    private static Open charged(Open open, long period, Charge charge) {
        return open.with(open.periods().charged(period, charge))
                .with(open.overage().charged(charge.fromOverage()));
    }

    private static Open givenBack(Open open, long period, GivenBack back) {
        return open.with(open.periods().givenBack(period, back.charge).coveredByOverage(back.covered))
                .with(open.overage()
                        .givenBack(back.charge.fromOverage())
                        .lapsed(back.lapsed)
                        .charged(back.covered));
    }

    private static Open purchased(Open open, OveragePurchased e) {
        List<PackCharge> covered =
                e.covered().isZero() ? List.of() : List.of(new PackCharge(e.purchaseId(), e.covered()));
        return open.with(open.periods().coveredByOverage(covered).rearmed(e.rearmed()))
                .with(open.overage()
                        .withoutSpent(open.periods().chargedPacks())
                        .bought(OveragePack.bought(e.purchaseId(), e.minutes(), e.expiresAt()))
                        .charged(covered));
    }

    private static Map<UserId, Instant> added(Map<UserId, Instant> members, MemberAdded e) {
        Map<UserId, Instant> more = new LinkedHashMap<>(members);
        more.put(e.userId(), e.recordedAt());
        return Collections.unmodifiableMap(more);
    }

    private static Map<UserId, Instant> removed(Map<UserId, Instant> members, MemberRemoved e) {
        Map<UserId, Instant> fewer = new LinkedHashMap<>(members);
        fewer.remove(e.userId());
        return Collections.unmodifiableMap(fewer);
    }
}
