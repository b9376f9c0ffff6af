package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodCalendarTest {
    private static final int FIRST_YEAR = 1990;
    private static final int YEARS = 50;

    @Nested
    class ByTheDay {
        @Test
        void an_anchor_on_the_31st_falls_on_the_last_day_of_shorter_months() {
            PeriodCalendar calendar = calendar("UTC", "2026-01-31T00:00");

            assertThat(starts(calendar, 0, 7))
                    .containsExactly(
                            "2026-01-31T00:00:00Z",
                            "2026-02-28T00:00:00Z",
                            "2026-03-31T00:00:00Z",
                            "2026-04-30T00:00:00Z",
                            "2026-05-31T00:00:00Z",
                            "2026-06-30T00:00:00Z",
                            "2026-07-31T00:00:00Z");
        }

        @Test
        void february_has_29_days_in_a_leap_year() {
            assertThat(starts(calendar("UTC", "2026-12-30T00:00"), 2, 3)).containsExactly("2027-02-28T00:00:00Z");
            assertThat(starts(calendar("UTC", "2026-12-30T00:00"), 14, 15)).containsExactly("2028-02-29T00:00:00Z");
            assertThat(starts(calendar("UTC", "2000-01-29T00:00"), 1201, 1202)).containsExactly("2100-02-28T00:00:00Z");
        }

        @Test
        void an_anchor_on_february_29th_keeps_to_the_29th() {
            assertThat(starts(calendar("UTC", "2024-02-29T12:00"), 11, 14))
                    .containsExactly("2025-01-29T12:00:00Z", "2025-02-28T12:00:00Z", "2025-03-29T12:00:00Z");
        }

        @Test
        void periods_before_the_anchor_have_negative_numbers() {
            assertThat(starts(calendar("UTC", "2026-03-31T00:00"), -2, 1))
                    .containsExactly("2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z");
        }

        @Test
        void a_period_has_its_first_instant_and_not_its_last() {
            BillingPeriod period = calendar("UTC", "2026-01-31T00:00").period(0);

            assertThat(period.contains(Instant.parse("2026-01-31T00:00:00Z"))).isTrue();
            assertThat(period.contains(Instant.parse("2026-01-30T23:59:59.999999999Z")))
                    .isFalse();
            assertThat(period.contains(Instant.parse("2026-02-27T23:59:59.999999999Z")))
                    .isTrue();
            assertThat(period.contains(Instant.parse("2026-02-28T00:00:00Z"))).isFalse();
        }
    }

    @Nested
    class ByTheClock {
        @ParameterizedTest
        @CsvSource({
            "America/Sao_Paulo,   2017-10-15T00:00, 2017-10-15T03:00:00Z",
            "Africa/Cairo,        2024-04-26T00:30, 2024-04-25T22:00:00Z",
            "Asia/Beirut,         2022-03-27T00:00, 2022-03-26T22:00:00Z",
            "Europe/Berlin,       2026-03-29T02:30, 2026-03-29T01:00:00Z",
            "Australia/Lord_Howe, 2025-10-05T02:15, 2025-10-04T15:30:00Z",
            "Pacific/Apia,        2011-12-30T18:00, 2011-12-30T10:00:00Z",
        })
        void a_local_time_that_is_skipped_moves_to_the_next_valid_one(ZoneId zone, LocalDateTime local, Instant start) {
            assertThat(new PeriodCalendar(zone, local).period(0).start()).isEqualTo(start);
            assertThat(new PeriodCalendar(zone, local.minusMonths(7)).period(7).start())
                    .isEqualTo(start);
        }

        @ParameterizedTest
        @CsvSource({
            "Europe/Berlin,       2026-10-25T02:30, 2026-10-25T00:30:00Z",
            "America/New_York,    2026-11-01T01:30, 2026-11-01T05:30:00Z",
            "America/Sao_Paulo,   2018-02-17T23:30, 2018-02-18T01:30:00Z",
            "Australia/Lord_Howe, 2026-04-05T01:45, 2026-04-04T14:45:00Z",
        })
        void a_local_time_that_occurs_twice_means_the_earlier(ZoneId zone, LocalDateTime local, Instant start) {
            assertThat(new PeriodCalendar(zone, local).period(0).start()).isEqualTo(start);
        }

        @ParameterizedTest
        @CsvSource({
            "Europe/Berlin,       2026-03-29T02:00, 2026-03-29T01:00:00Z",
            "Europe/Berlin,       2026-03-29T01:59:59, 2026-03-29T00:59:59Z",
            "Europe/Berlin,       2026-03-29T03:00, 2026-03-29T01:00:00Z",
            "Europe/Berlin,       2026-10-25T02:00, 2026-10-25T00:00:00Z",
            "Europe/Berlin,       2026-10-25T03:00, 2026-10-25T02:00:00Z",
        })
        void the_edges_of_a_change_belong_to_one_side(ZoneId zone, LocalDateTime local, Instant start) {
            assertThat(new PeriodCalendar(zone, local).period(0).start()).isEqualTo(start);
        }
    }

    /** Fifty years of every zone there is, from an anchor that is mostly a nasty one. */
    @Nested
    class AgainstAnOracle {
        @Test
        void every_period_starts_where_the_oracle_says_and_ends_where_the_next_starts() {
            SplittableRandom random = new SplittableRandom(1);
            for (String id : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
                PeriodCalendar calendar = new PeriodCalendar(ZoneId.of(id), anyAnchor(ZoneId.of(id), random));
                int first = -random.nextInt(YEARS * 12);
                Instant expected = oracle(calendar, first);
                for (int index = first; index < first + YEARS * 12; index++) {
                    BillingPeriod period = calendar.period(index);
                    assertThat(period.start()).as("%s %d", calendar, index).isEqualTo(expected);
                    expected = oracle(calendar, index + 1);
                    assertThat(period.end()).as("%s %d", calendar, index).isEqualTo(expected);
                    assertThat(period.index()).isEqualTo(index);
                }
            }
        }

        @Test
        void every_instant_is_in_the_period_that_is_found_for_it() {
            SplittableRandom random = new SplittableRandom(2);
            for (String id : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
                PeriodCalendar calendar = new PeriodCalendar(ZoneId.of(id), anyAnchor(ZoneId.of(id), random));
                for (int i = 0; i < 20; i++) {
                    int index = random.nextInt(2 * YEARS * 12) - YEARS * 12;
                    BillingPeriod period = calendar.period(index);
                    long seconds =
                            Duration.between(period.start(), period.end()).toSeconds();

                    assertThat(calendar.periodContaining(period.start())).isEqualTo(period);
                    assertThat(calendar.periodContaining(period.start().plusSeconds(random.nextLong(seconds))))
                            .isEqualTo(period);
                    assertThat(calendar.periodContaining(period.end().minusNanos(1)))
                            .isEqualTo(period);
                    assertThat(calendar.periodContaining(period.end())).isEqualTo(calendar.period(index + 1));
                }
            }
        }

        /** Looks at the clock on the wall every minute until it shows the time, or a later one. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "America/Sao_Paulo",
                    "Africa/Cairo",
                    "Asia/Beirut",
                    "Pacific/Apia",
                    "Australia/Lord_Howe",
                    "Europe/Dublin",
                    "Africa/Casablanca",
                    "America/Nuuk",
                    "Asia/Tehran",
                    "America/Caracas",
                    "Asia/Pyongyang",
                    "Antarctica/Troll"
                })
        void around_every_change_of_the_clock_it_agrees_with_the_clock_on_the_wall(ZoneId zone) {
            for (ZoneOffsetTransition change : changes(zone)) {
                LocalDateTime before = change.getDateTimeBefore();
                for (int minutes = -90; minutes <= 90; minutes += 15) {
                    LocalDateTime local = before.plusMinutes(minutes);
                    assertThat(new PeriodCalendar(zone, local).period(0).start())
                            .as("%s in %s", local, zone)
                            .isEqualTo(whenTheClockShows(local, zone));
                }
            }
        }
    }

    // --- the oracle: whole months by hand, then the first instant at which the local clock has come so far

    private static Instant oracle(PeriodCalendar calendar, int index) {
        LocalDateTime local = monthsLater(calendar.anchor(), index);
        ZoneRules rules = calendar.zone().getRules();
        Instant since = local.toInstant(ZoneOffset.UTC).minus(Duration.ofDays(2));
        while (true) {
            Instant shown = local.toInstant(rules.getOffset(since));
            ZoneOffsetTransition change = rules.nextTransition(since);
            if (change == null || shown.isBefore(change.getInstant())) {
                return shown.isBefore(since) ? since : shown;
            }
            since = change.getInstant();
        }
    }

    private static LocalDateTime monthsLater(LocalDateTime anchor, int months) {
        int month = anchor.getYear() * 12 + anchor.getMonthValue() - 1 + months;
        int year = Math.floorDiv(month, 12);
        int monthOfYear = Math.floorMod(month, 12) + 1;
        int day = Math.min(anchor.getDayOfMonth(), daysIn(year, monthOfYear));
        return LocalDateTime.of(LocalDate.of(year, monthOfYear, day), anchor.toLocalTime());
    }

    private static int daysIn(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int[] days = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        return days[month - 1];
    }

    private static Instant whenTheClockShows(LocalDateTime local, ZoneId zone) {
        Instant now = local.toInstant(ZoneOffset.UTC).minus(Duration.ofHours(19));
        while (LocalDateTime.ofInstant(now, zone).isBefore(local)) {
            now = now.plusSeconds(60);
        }
        return now;
    }

    private static List<ZoneOffsetTransition> changes(ZoneId zone) {
        List<ZoneOffsetTransition> changes = new ArrayList<>();
        Instant since = LocalDate.of(FIRST_YEAR, 1, 1).atStartOfDay().toInstant(ZoneOffset.UTC);
        ZoneOffsetTransition change = zone.getRules().nextTransition(since);
        while (change != null && change.getDateTimeBefore().getYear() < FIRST_YEAR + YEARS) {
            changes.add(change);
            change = zone.getRules().nextTransition(change.getInstant());
        }
        return changes;
    }

    /** At the end of a month, or where the clock changes, or anywhere. */
    private static LocalDateTime anyAnchor(ZoneId zone, SplittableRandom random) {
        List<ZoneOffsetTransition> changes = changes(zone);
        if (!changes.isEmpty() && random.nextInt(3) > 0) {
            ZoneOffsetTransition change = changes.get(random.nextInt(changes.size()));
            return change.getDateTimeBefore().plusMinutes(random.nextInt(180) - 90L);
        }
        LocalDate day =
                LocalDate.of(FIRST_YEAR + random.nextInt(YEARS), 1 + random.nextInt(12), 1 + random.nextInt(28));
        boolean monthEnd = random.nextBoolean();
        return (monthEnd ? day.withDayOfMonth(day.lengthOfMonth()) : day)
                .atTime(random.nextBoolean() ? LocalTime.MIDNIGHT : LocalTime.of(random.nextInt(24), 30, 15));
    }

    private static PeriodCalendar calendar(String zone, String anchor) {
        return new PeriodCalendar(ZoneId.of(zone), LocalDateTime.parse(anchor));
    }

    private static List<String> starts(PeriodCalendar calendar, int from, int to) {
        List<String> starts = new ArrayList<>();
        for (int index = from; index < to; index++) {
            starts.add(calendar.period(index).start().toString());
        }
        return starts;
    }
}
