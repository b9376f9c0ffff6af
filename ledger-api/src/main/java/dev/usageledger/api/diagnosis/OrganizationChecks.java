package dev.usageledger.api.diagnosis;

import static dev.usageledger.api.diagnosis.PersonChecks.since;

import dev.usageledger.api.diagnosis.Check.Name;
import dev.usageledger.api.diagnosis.Check.Outcome;
import dev.usageledger.api.diagnosis.OrganizationFacts.OpenHold;
import dev.usageledger.api.diagnosis.OrganizationFacts.PackTotals;
import dev.usageledger.api.rejections.RejectionRow;
import dev.usageledger.audit.ChainVerification.Report;
import dev.usageledger.audit.Finding;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.BillingPeriod;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OveragePack;
import dev.usageledger.organization.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be the matter with an organization. */
record OrganizationChecks(OrganizationFacts facts) {
    private static final Duration LONG_FOR_AN_UPLOAD = Duration.ofHours(1);
    // The scheduler looks every few seconds, and read models follow within moments.
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** What is looked at, in the order of the answer. A further check is a further line. */
    List<Check> all() {
        return List.of(period(), base(), packs(), holds(), limit(), rejections(), replay(), chain());
    }

    private Check period() {
        BillingPeriod period = facts.balance().period();
        BillingPeriod recorded = facts.recordedPeriod();
        Duration overdue = since(recorded.end(), facts.asOf());
        boolean due = !recorded.equals(period);
        String runs =
                "The period runs from %s to %s (%s)".formatted(date(period.start()), date(period.end()), facts.zone());
        return check(
                Name.PERIOD,
                due && overdue.compareTo(GRACE) > 0 ? Outcome.ATTENTION : Outcome.OK,
                due
                        ? "%s; the one recorded last ended %s ago, and %s due, which the balance takes into account."
                                .formatted(
                                        runs,
                                        Wording.age(overdue),
                                        Wording.count(period.index() - recorded.index(), "roll"))
                        : runs + " and is the current one.",
                Numbers.of("start", period.start())
                        .and("end", period.end())
                        .and("zone", facts.zone().getId())
                        .and("rollsDue", period.index() - recorded.index()));
    }

    private Check base() {
        Balance balance = facts.balance();
        Minutes included = balance.plan().includedMinutes();
        Minutes remaining = balance.baseRemaining();
        Numbers numbers = Numbers.of("included", value(included))
                .and("used", value(balance.baseUsed()))
                .and("remaining", value(remaining))
                .and("renewsAt", balance.period().end());
        if (included == null || remaining == null) {
            return check(
                    Name.BASE,
                    Outcome.OK,
                    "Unlimited on plan %s; %s used."
                            .formatted(balance.plan().code(), Wording.minutes(balance.baseUsed())),
                    numbers);
        }
        return check(
                Name.BASE,
                remaining.isZero() && !included.isZero() ? Outcome.ATTENTION : Outcome.OK,
                included.isZero()
                        ? "Plan %s includes no minutes."
                                .formatted(balance.plan().code())
                        : "%s of %s base %s left (%s used); they renew on %s."
                                .formatted(
                                        remaining,
                                        included,
                                        included.value() == 1 ? "minute" : "minutes",
                                        balance.baseUsed(),
                                        date(balance.period().end())),
                numbers);
    }

    private Check packs() {
        Balance balance = facts.balance();
        PackTotals totals = facts.packTotals();
        List<OveragePack> unspent = balance.packs().stream()
                .filter(pack -> !pack.remaining().isZero())
                .toList();
        boolean missed = facts.refusesAll() && facts.unspent().isZero();
        String left = unspent.isEmpty()
                ? "No pack has unspent minutes"
                : "%s left in %s (%s)"
                        .formatted(
                                Wording.minutes(balance.overageRemaining()),
                                Wording.count(unspent.size(), "pack"),
                                unspent.stream().map(this::told).collect(Collectors.joining("; ")));
        return check(
                Name.PACKS,
                missed ? Outcome.ATTENTION : Outcome.OK,
                totals.packs() == 0
                        ? left + "; none was ever bought."
                        : "%s; of %s ever bought %d are spent, %d left, %d refunded, %d expired."
                                .formatted(
                                        left,
                                        Wording.count(totals.bought(), "minute"),
                                        totals.spent(),
                                        totals.remaining(),
                                        totals.refunded(),
                                        totals.expired()),
                Numbers.of("remaining", value(balance.overageRemaining()))
                        .and(
                                "packs",
                                unspent.stream().map(OrganizationChecks::shown).toList())
                        .and("bought", totals.bought())
                        .and("spent", totals.spent())
                        .and("refunded", totals.refunded())
                        .and("expired", totals.expired()));
    }

    private String told(OveragePack pack) {
        return "%s: %s of %s, %s"
                .formatted(
                        pack.purchaseId(),
                        pack.remaining(),
                        pack.minutes(),
                        pack.expiresAt() == null ? "never expires" : "until " + date(pack.expiresAt()));
    }

    private static Map<String, @Nullable Object> shown(OveragePack pack) {
        return Numbers.of("purchaseId", pack.purchaseId().value())
                .and("minutes", value(pack.minutes()))
                .and("remaining", value(pack.remaining()))
                .and("expiresAt", pack.expiresAt())
                .all();
    }

    private Check holds() {
        Minutes held = facts.balance().held();
        Numbers numbers = Numbers.of("held", value(held))
                .and("holds", facts.holds().stream().map(this::shown).toList());
        if (facts.holds().isEmpty()) {
            return check(Name.HOLDS, Outcome.OK, "No upload in flight holds minutes.", numbers);
        }
        OpenHold oldest = facts.holds().getFirst();
        boolean stops = facts.refusesAll() && !facts.unspent().isZero();
        boolean old = oldest.age(facts.asOf()).compareTo(LONG_FOR_AN_UPLOAD) > 0;
        return check(
                Name.HOLDS,
                stops ? Outcome.PROBLEM : old ? Outcome.ATTENTION : Outcome.OK,
                "%s held by %s in flight; the oldest, %s%s, for %s, and until %s at most."
                        .formatted(
                                Wording.minutes(held),
                                Wording.count(facts.holds().size(), "upload"),
                                oldest.hold().reservationId(),
                                oldest.userId() == null ? "" : " of " + oldest.userId(),
                                Wording.age(oldest.age(facts.asOf())),
                                oldest.hold().expiresAt().truncatedTo(ChronoUnit.SECONDS)),
                numbers);
    }

    private Map<String, @Nullable Object> shown(OpenHold open) {
        return Numbers.of("reservationId", open.hold().reservationId().value())
                .and("minutes", value(open.hold().minutes()))
                .and("userId", open.userId() == null ? null : open.userId().value())
                .and("reservedAt", open.reservedAt())
                .and("ageSeconds", open.age(facts.asOf()).toSeconds())
                .and("expiresAt", open.hold().expiresAt())
                .all();
    }

    private Check limit() {
        Balance balance = facts.balance();
        Minutes remaining = balance.remaining();
        boolean uncovered = !balance.uncovered().isZero();
        return check(
                Name.LIMIT,
                facts.refusesAll() ? Outcome.PROBLEM : uncovered ? Outcome.ATTENTION : Outcome.OK,
                limitSentence(balance, remaining)
                        + (uncovered
                                ? " %s of usage uncovered, which a purchase pays for first."
                                        .formatted(Wording.minutes(balance.uncovered()))
                                : ""),
                Numbers.of("limit", balance.plan().limit().name())
                        .and("remaining", value(remaining))
                        .and("used", value(balance.used()))
                        .and("capacity", value(balance.capacity()))
                        .and("uncovered", value(balance.uncovered())));
    }

    private static String limitSentence(Balance balance, @Nullable Minutes remaining) {
        if (remaining == null) {
            return "No limit: every upload is let through.";
        }
        if (balance.plan().limit() == Plan.Limit.SOFT) {
            return "A SOFT limit: %s remain, and uploads go on beyond.".formatted(Wording.minutes(remaining));
        }
        return remaining.isZero()
                ? "A HARD limit, and nothing remains: every upload is refused."
                : "A HARD limit: an upload of up to %s is let through.".formatted(Wording.minutes(remaining));
    }

    private Check rejections() {
        List<RejectionRow> rejections = facts.rejections();
        Numbers numbers = Numbers.of(
                "rejections", rejections.stream().map(OrganizationChecks::shown).toList());
        if (rejections.isEmpty()) {
            return check(Name.REJECTIONS, Outcome.OK, "No command was refused in the last 30 days.", numbers);
        }
        RejectionRow last = rejections.getFirst();
        Duration ago = since(last.at(), facts.asOf());
        return check(
                Name.REJECTIONS,
                PersonChecks.isLately(last.at(), facts.asOf()) ? Outcome.ATTENTION : Outcome.OK,
                "The last command that was refused, %s ago: %s%s"
                        .formatted(Wording.age(ago), told(last), wouldItNow(last)),
                numbers);
    }

    private String wouldItNow(RejectionRow last) {
        boolean isTheOneThatWasTried =
                facts.lastInsufficient().filter(last::equals).isPresent();
        if (!isTheOneThatWasTried) {
            return ".";
        }
        return facts.shortage() == null ? "; it would be let through now." : "; it would be refused now too.";
    }

    static String told(RejectionRow rejection) {
        String numbers = Wording.spelled(rejection.numbers());
        return "%s %s%s, %s%s"
                .formatted(
                        rejection.command(),
                        rejection.commandId(),
                        rejection.userId() == null ? "" : " of " + rejection.userId(),
                        rejection.code(),
                        numbers.isEmpty() ? "" : " (" + numbers + ")");
    }

    static Map<String, @Nullable Object> shown(RejectionRow rejection) {
        return Numbers.of("at", rejection.at())
                .and("command", rejection.command())
                .and("commandId", rejection.commandId())
                .and("userId", rejection.userId())
                .and("code", rejection.code())
                .and("numbers", rejection.numbers())
                .and("actor", rejection.actor())
                .and("correlationId", rejection.correlationId())
                .all();
    }

    private Check replay() {
        ReplayComparison replay = facts.replay();
        Instant behindSince = replay.behindSince();
        boolean late = behindSince != null && since(behindSince, facts.asOf()).compareTo(GRACE) > 0;
        return check(
                Name.REPLAY,
                !replay.differences().isEmpty() ? Outcome.PROBLEM : late ? Outcome.ATTENTION : Outcome.OK,
                replaySentence(replay) + behind(replay),
                Numbers.of("events", replay.events())
                        .and("replayed", replay.replayed())
                        .and("behind", replay.behind())
                        .and(
                                "differences",
                                replay.differences().stream()
                                        .map(OrganizationChecks::shown)
                                        .toList()));
    }

    private static String replaySentence(ReplayComparison replay) {
        String events = Wording.count(replay.events(), "event");
        if (!replay.differences().isEmpty()) {
            return "A replay of %s gives other numbers: %s."
                    .formatted(
                            events,
                            replay.differences().stream()
                                    .limit(3)
                                    .map(one -> "%s is %s in %s and should be %s"
                                            .formatted(one.what(), one.shown(), one.where(), one.expected()))
                                    .collect(Collectors.joining("; ")));
        }
        if (replay.replayed()) {
            return "A replay of %s gives what is decided on and what lists show.".formatted(events);
        }
        return replay.behind() == 0
                ? "Lists show what is decided on; %s are too many to replay unless asked to.".formatted(events)
                : "%s are too many to replay unless asked to, and lists follow just now.".formatted(events);
    }

    private static String behind(ReplayComparison replay) {
        return replay.behind() == 0
                ? ""
                : " Lists have yet to take in %s.".formatted(Wording.count(replay.behind(), "event"));
    }

    private static Map<String, @Nullable Object> shown(ReplayComparison.Difference difference) {
        return Numbers.of("what", difference.what())
                .and("where", difference.where())
                .and("shown", difference.shown())
                .and("expected", difference.expected())
                .all();
    }

    private Check chain() {
        Report chain = facts.chain();
        if (chain == null) {
            return check(
                    Name.CHAIN,
                    Outcome.OK,
                    "%s are too many to verify unless asked to."
                            .formatted(Wording.count(facts.replay().events(), "event")),
                    Numbers.of("verified", false));
        }
        Numbers numbers = Numbers.of("verified", true)
                .and("events", chain.events())
                .and("unsigned", chain.unsigned())
                .and(
                        "findings",
                        chain.findings().stream().map(OrganizationChecks::shown).toList());
        return chain.findings().isEmpty()
                ? check(
                        Name.CHAIN,
                        Outcome.OK,
                        "%s, each as it was recorded; %s."
                                .formatted(Wording.count(chain.events(), "event"), signed(chain)),
                        numbers)
                : check(Name.CHAIN, Outcome.PROBLEM, told(chain.findings().getFirst()), numbers);
    }

    private static String signed(Report chain) {
        return chain.unsigned() == 0
                ? "the last is signed"
                : "%s newer than what is signed".formatted(chain.unsigned() == 1 ? "1 is" : chain.unsigned() + " are");
    }

    private static String told(Finding finding) {
        return "Somebody has changed history: event %d: %s.".formatted(finding.sequence(), finding.says());
    }

    private static Map<String, @Nullable Object> shown(Finding finding) {
        return Numbers.of("sequence", finding.sequence())
                .and("kind", finding.kind().name().toLowerCase(Locale.ROOT))
                .and("says", finding.says())
                .all();
    }

    private Check check(Name name, Outcome outcome, String sentence, Numbers numbers) {
        return new Check(name, facts.id(), outcome, sentence, numbers.all());
    }

    private String date(Instant instant) {
        return Wording.date(instant, facts.zone());
    }

    private static @Nullable Long value(@Nullable Minutes minutes) {
        return minutes == null ? null : minutes.value();
    }
}
