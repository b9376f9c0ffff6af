package dev.usageledger.api.demo;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;
import static java.time.temporal.ChronoUnit.MINUTES;

import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PeriodCalendar;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.Plan.Limit;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Some months in the life of made-up organizations, which at one moment are in every state that people ask about. The
 * same moment always makes the same world.
 */
final class DemoWorld {
    /** How long before that moment the first organization was opened. */
    static final Duration AGE = Duration.ofDays(125);

    /** Opened before all others. */
    static final OrganizationId FIRST = new OrganizationId("demo-northwind-legal");

    /** Opened when all others have come to the end of their story. */
    static final OrganizationId LAST = new OrganizationId("demo-saltmarsh-records");

    private static final Person DANA = Person.named("dana.whitfield");
    private static final Person MARCUS = Person.named("marcus.oyelaran");
    private static final Person TOMAS = Person.named("tomas.novak");
    private static final Person INES = Person.named("ines.moreau");
    private static final Person JONAS = Person.named("jonas.brandt");
    private static final Person PRIYA = Person.named("priya.raman");
    private static final Person OLIVIA = Person.named("olivia.hart");
    private static final Person HENRIK = Person.named("henrik.lund");
    private static final Person AIKO = Person.named("aiko.tanaka");
    private static final Person RAFAEL = Person.named("rafael.costa");
    private static final Person NADIA = Person.named("nadia.haddad");
    private static final Person WIREMU = Person.named("wiremu.parata");

    private final Instant now;

    private DemoWorld(Instant now) {
        this.now = now;
    }

    /** All stories; the first and the last are of {@link #FIRST} and {@link #LAST}. */
    static List<Story> asOf(Instant now) {
        DemoWorld world = new DemoWorld(now);
        return List.of(
                world.everythingUsedUp(),
                world.baseGoneAndOverageLeft(),
                world.pastEightyPercent(),
                world.pastNinetyPercent(),
                world.unlimited(),
                world.softAndUncovered(),
                world.uncoveredThenCovered(),
                world.monthJustChanged(),
                world.uploadsInFlight(),
                world.holdThatExpired(),
                world.packThatExpired(),
                world.usageOfAClosedStatement(),
                world.mistakesMended(),
                world.planThatWaits(),
                world.lastDaysOfMonths(),
                world.justOpened());
    }

    private Story everythingUsedUp() {
        Story story = story(FIRST.value(), "Northwind Legal", hard("team", 600), daysIn(17, "America/New_York"))
                .member(DANA)
                .member(MARCUS)
                .member(TOMAS)
                .before(480, 455, 470);
        return story.leaves(TOMAS, story.start().minus(3, DAYS)).uses(story.start(), ago(2, HOURS), 600);
    }

    private Story baseGoneAndOverageLeft() {
        Story story = story("demo-harbor-media", "Harbor Media", hard("team", 500), daysIn(20, "Europe/Berlin"))
                .member(INES)
                .member(JONAS)
                .before(390, 375, 400);
        Instant baseGone = story.start().plus(12, DAYS);
        return story.uses(story.start(), baseGone, 500)
                .buys("pack-1", baseGone.plus(1, HOURS), 300, "45.00")
                .uses(baseGone.plus(2, HOURS), ago(1, HOURS), 120);
    }

    private Story pastEightyPercent() {
        Story story = story(
                        "demo-pinewood-clinic", "Pinewood Clinic", hard("business", 1_000), daysIn(22, "Europe/London"))
                .member(OLIVIA)
                .before(760, 790, 745);
        return story.uses(story.start(), ago(3, HOURS), 830);
    }

    private Story pastNinetyPercent() {
        Story story = story(
                        "demo-brightline-podcasts",
                        "Brightline Podcasts",
                        hard("business", 1_000),
                        daysIn(25, "America/Los_Angeles"))
                .member(MARCUS)
                .before(720, 690, 780);
        return story.uses(story.start(), ago(1, HOURS), 940);
    }

    private Story unlimited() {
        Plan plan = new Plan("enterprise", null, Limit.HARD);
        Story story = story("demo-atlas-research", "Atlas Research", plan, daysIn(9, "UTC"))
                .member(AIKO)
                .member(HENRIK)
                .before(3_400, 4_150, 3_870);
        return story.uses(story.start(), ago(1, HOURS), 1_260);
    }

    private Story softAndUncovered() {
        Story story = story(
                        "demo-cedar-university", "Cedar University", soft("campus", 400), daysIn(19, "Europe/Paris"))
                .member(NADIA)
                .before(350, 390, 460);
        return story.uses(story.start(), ago(5, HOURS), 470);
    }

    private Story uncoveredThenCovered() {
        Story story = story("demo-lumen-studio", "Lumen Studio", soft("starter", 300), daysIn(15, "America/Sao_Paulo"))
                .member(RAFAEL)
                .member(INES)
                .before(260, 240, 290);
        Instant noticed = story.start().plus(11, DAYS);
        return story.uses(story.start(), noticed, 360).buys("pack-1", noticed.plus(1, HOURS), 100, "19.00");
    }

    private Story monthJustChanged() {
        Story story = story("demo-juniper-news", "Juniper News", hard("business", 800), daysIn(1, "Asia/Kolkata"))
                .member(PRIYA)
                .before(610, 590);
        Instant last = story.period(1).start();
        return story.buys("pack-1", last.plus(10, DAYS), 250, "39.00")
                .uses(last, story.start().minus(8, HOURS), 890)
                .uses(story.start(), ago(30, MINUTES), 12);
    }

    private Story uploadsInFlight() {
        Duration day = Duration.ofDays(1);
        Story story = story(
                        "demo-tandem-courts",
                        "Tandem Court Reporting",
                        hard("business", 1_200),
                        daysIn(12, "America/Chicago"))
                .member(DANA)
                .before(880, 930, 905);
        return story.uses(story.start(), ago(1, HOURS), 640)
                .reserves("upload-hearing-17", ago(18, MINUTES), 45, day)
                .reserves("upload-hearing-18", ago(11, MINUTES), 120, day)
                .reserves("upload-deposition-4", ago(6, MINUTES), 30, day)
                .reserves("upload-hearing-19", ago(2, MINUTES), 90, day);
    }

    private Story holdThatExpired() {
        Story story = story(
                        "demo-quarry-consulting", "Quarry Consulting", hard("starter", 300), daysIn(8, "Europe/Madrid"))
                .member(JONAS)
                .before(210, 190, 225);
        return story.uses(story.start(), ago(6, HOURS), 95)
                .reserves("upload-interview", ago(5, HOURS), 60, Duration.ofHours(2))
                .settles("upload-interview", "call-interview", ago(1, HOURS), 52);
    }

    private Story packThatExpired() {
        Story story = story(
                        "demo-orchard-insurance",
                        "Orchard Insurance",
                        hard("team", 500),
                        daysIn(24, "Australia/Sydney"))
                .member(OLIVIA)
                .before(380, 350);
        Instant last = story.period(1).start();
        return story.buys("pack-spring", last.plus(5, DAYS), 200, "25.00", ago(6, DAYS))
                .uses(last, story.start().minus(8, HOURS), 560)
                .uses(story.start(), ago(7, DAYS), 260)
                .uses(ago(5, DAYS), ago(1, HOURS), 70);
    }

    private Story usageOfAClosedStatement() {
        Story story = story("demo-meridian-film", "Meridian Film", hard("team", 600), daysIn(1, "Europe/Rome"))
                .member(RAFAEL)
                .before(470, 455, 430);
        Instant reported = story.start().plus(9, HOURS);
        return story.recordsLate("call-night-shoot", reported, 25, story.start().minus(3, HOURS))
                .recordsLate(
                        "call-forgotten",
                        reported.plus(1, HOURS),
                        15,
                        story.period(1).start().minus(5, DAYS));
    }

    private Story mistakesMended() {
        Story story = story("demo-sable-events", "Sable Events", hard("team", 400), daysIn(14, "America/Toronto"))
                .member(HENRIK)
                .before(310, 280, 305);
        Instant start = story.start();
        return story.uses(start, ago(1, HOURS), 210)
                .records("call-wedding", start.plus(3, DAYS), 95)
                .corrects("correction-1", "call-wedding", start.plus(4, DAYS), 59, "36 minutes of it were silence.")
                .records("call-keynote", start.plus(5, DAYS), 40)
                .records("call-keynote-again", start.plus(5, DAYS).plus(5, MINUTES), 40)
                .corrects(
                        "correction-2", "call-keynote-again", start.plus(6, DAYS), 0, "The same recording, sent twice.")
                .buys("pack-1", start.plus(7, DAYS), 200, "30.00")
                .refunds("refund-1", "pack-1", start.plus(9, DAYS), 50);
    }

    private Story planThatWaits() {
        Story story = story(
                        "demo-riverbend-schools",
                        "Riverbend Schools",
                        hard("starter", 300),
                        daysIn(10, "Europe/Stockholm"))
                .member(NADIA)
                .before(220, 235);
        Instant last = story.period(1).start();
        return story.uses(last, last.plus(8, DAYS), 250)
                .changesPlan("change-1", last.plus(8, DAYS).plus(1, HOURS), hard("team", 500), Effective.NOW)
                .uses(last.plus(9, DAYS), story.start().minus(8, HOURS), 180)
                .uses(story.start(), ago(1, HOURS), 190)
                .changesPlan("change-2", story.start().plus(3, DAYS), hard("business", 2_000), Effective.NEXT_PERIOD);
    }

    /** An anchor on the 31st, so that periods begin on the last day of every month. */
    private Story lastDaysOfMonths() {
        ZoneId zone = ZoneId.of("Pacific/Auckland");
        LocalDate month = opened().atZone(zone).toLocalDate().withDayOfMonth(1);
        while (month.lengthOfMonth() < 31) {
            month = month.minusMonths(1);
        }
        PeriodCalendar calendar =
                new PeriodCalendar(zone, month.withDayOfMonth(31).atStartOfDay());
        Story story = story("demo-kauri-telehealth", "Kauri Telehealth", hard("business", 2_000), calendar)
                .member(WIREMU)
                .before(1_400, 1_520, 1_480);
        long days = Duration.between(story.start(), now).toDays();
        return days == 0 ? story : story.uses(story.start(), ago(1, HOURS), 45 * days);
    }

    private Story justOpened() {
        return new Story(LAST.value(), "Saltmarsh Records", hard("starter", 300), daysIn(0, "Europe/Dublin"), now, now);
    }

    // --- of which they are made

    private Story story(String id, String name, Plan plan, PeriodCalendar calendar) {
        return new Story(id, name, plan, calendar, opened(), now);
    }

    private Instant opened() {
        return now.minus(AGE);
    }

    private Instant ago(long amount, ChronoUnit unit) {
        return now.minus(amount, unit);
    }

    /** A calendar whose current period began that many days ago, at midnight. */
    private PeriodCalendar daysIn(int days, String zoneId) {
        ZoneId zone = ZoneId.of(zoneId);
        LocalDate start = now.atZone(zone).toLocalDate().minusDays(days);
        int months = 4;
        // A month too short for that day would move the day of all periods after it.
        while (!start.minusMonths(months).plusMonths(months).equals(start)) {
            months++;
        }
        return new PeriodCalendar(zone, start.minusMonths(months).atTime(LocalTime.MIDNIGHT));
    }

    private static Plan hard(String code, long includedMinutes) {
        return new Plan(code, Minutes.of(includedMinutes), Limit.HARD);
    }

    private static Plan soft(String code, long includedMinutes) {
        return new Plan(code, Minutes.of(includedMinutes), Limit.SOFT);
    }
}
