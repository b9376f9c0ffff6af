package dev.usageledger.api.diagnosis;

import dev.usageledger.organization.Minutes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How numbers are said to people. */
final class Wording {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);

    private Wording() {}

    static String minutes(Minutes minutes) {
        return count(minutes.value(), "minute");
    }

    /** {@code 1 pack}, {@code 1,204 packs}. */
    static String count(long number, String of) {
        return String.format(Locale.ENGLISH, "%,d %s%s", number, of, number == 1 ? "" : "s");
    }

    static String date(Instant instant, ZoneId zone) {
        return DATE.format(instant.atZone(zone));
    }

    /** {@code 45 s}, {@code 3 h 5 min}, {@code 2 d 1 h}: the two largest units, rounded down. */
    static String age(Duration age) {
        if (age.toMinutes() < 1) {
            return Math.max(0, age.toSeconds()) + " s";
        }
        if (age.toHours() < 1) {
            return age.toMinutes() + " min";
        }
        return age.toDays() < 1
                ? two(age.toHours(), "h", age.toMinutesPart(), "min")
                : two(age.toDays(), "d", age.toHoursPart(), "h");
    }

    private static String two(long large, String unit, long small, String smallUnit) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    /** {@code a}, {@code a and b}, {@code a, b and c}. */
    static String list(List<?> things) {
        int last = things.size() - 1;
        return last < 1
                ? things.stream().map(Object::toString).collect(Collectors.joining())
                : things.subList(0, last).stream().map(Object::toString).collect(Collectors.joining(", ")) + " and "
                        + things.get(last);
    }

    /** {@code requested 30, remaining 20, short by 10}: what has one value. Who it was is said apart. */
    static String spelled(Map<String, ? extends @Nullable Object> numbers) {
        return numbers.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Number || entry.getValue() instanceof String)
                .filter(entry -> !entry.getKey().equals("userId"))
                .map(entry -> words(entry.getKey()) + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String words(String camelCase) {
        return camelCase.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }
}
