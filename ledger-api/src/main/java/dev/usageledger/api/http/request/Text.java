package dev.usageledger.api.http.request;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What texts can mean. Each reading throws {@link IllegalArgumentException} with what the text has to be; none of them
 * repeats the text, which may be anything.
 */
public final class Text {
    private static final Pattern LOCAL_DATE_TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?");
    private static final Pattern RFC_3339 = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)", Pattern.CASE_INSENSITIVE);
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,18}");
    private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2999-12-31T23:59:59.999999Z");

    private Text() {}

    /** Any text that can be stored and shown: not blank, without control characters. */
    public static Function<String, String> upTo(int mostCharacters) {
        return text -> {
            if (text.isBlank() || text.length() > mostCharacters) {
                throw new IllegalArgumentException("must be 1 to " + mostCharacters + " characters and not blank");
            }
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("must not contain control characters");
            }
            return text;
        };
    }

    /** A time with its offset, from 1900 to 2999; kept to the microsecond, which is what PostgreSQL keeps. */
    public static Instant time(String text) {
        if (!RFC_3339.matcher(text).matches()) {
            throw new IllegalArgumentException("must be an RFC 3339 time such as 2026-02-03T10:00:00Z");
        }
        try {
            Instant time = OffsetDateTime.parse(text.toUpperCase(Locale.ROOT))
                    .toInstant()
                    .truncatedTo(ChronoUnit.MICROS);
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw new IllegalArgumentException("must be from the year 1900 to 2999");
            }
            return time;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("must be a time that exists", e);
        }
    }

    public static LocalDateTime localDateTime(String text) {
        if (!LOCAL_DATE_TIME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "must be a local date and time without offset, such as 2026-01-31T00:00");
        }
        try {
            LocalDateTime local = LocalDateTime.parse(text);
            if (local.getYear() < 1900 || local.getYear() > 2999) {
                throw new IllegalArgumentException("must be from the year 1900 to 2999");
            }
            return local;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("must be a date and time that exists", e);
        }
    }

    public static Function<String, Duration> duration(Duration least, Duration most) {
        return text -> {
            String bounds = "must be an ISO 8601 duration from " + least + " to " + most + ", such as PT2H";
            try {
                Duration duration = Duration.parse(text);
                if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                    throw new IllegalArgumentException(bounds);
                }
                return duration.truncatedTo(ChronoUnit.MICROS);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(bounds, e);
            }
        };
    }

    /** A zone by name. Fixed offsets have names too, such as {@code Etc/GMT-2}. */
    public static ZoneId zone(String text) {
        if (!ZoneId.getAvailableZoneIds().contains(text)) {
            throw new IllegalArgumentException("must be the name of a time zone, such as Europe/Berlin or UTC");
        }
        return ZoneId.of(text);
    }

    public static Function<String, Long> wholeNumber(long least, long most) {
        return text -> {
            if (WHOLE_NUMBER.matcher(text).matches()) {
                long number = Long.parseLong(text);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            throw new IllegalArgumentException("must be a whole number from " + least + " to " + most);
        };
    }

    /** One of a set of words. */
    public static <E extends Enum<E>> Function<String, E> word(Class<E> type, Function<E, String> wording) {
        Map<String, E> words = Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(wording, Function.identity(), (a, b) -> a, TreeMap::new));
        return text -> {
            E meant = words.get(text);
            if (meant == null) {
                throw new IllegalArgumentException("must be " + String.join(" or ", words.keySet()));
            }
            return meant;
        };
    }

    /** One of a list of words. */
    public static Function<String, String> oneOf(List<String> words) {
        return text -> {
            if (!words.contains(text)) {
                throw new IllegalArgumentException("must be " + String.join(" or ", words));
            }
            return text;
        };
    }

    /** The constant's name as it is written in URLs and JSON: {@code NEXT_PERIOD} is {@code next-period}. */
    public static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether a text can be stored by PostgreSQL and written as UTF-8: no NUL, no half of a surrogate pair. */
    static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A text that may be shown whatever it was: shortened, and with {@code ?} for what cannot be printed. */
    public static String printable(String text, int mostCharacters) {
        String shortened = text.length() <= mostCharacters ? text : text.substring(0, mostCharacters) + "…";
        return shortened
                .codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
