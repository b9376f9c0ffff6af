package dev.usageledger.organization;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Moments as a person writes them: {@code "Feb 3"}, {@code "Feb 27 23:50"}, {@code "2027 Jan 31"}; 2026 and UTC. */
final class Times {
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .appendPattern("[uuuu ]MMM d[ HH:mm[:ss]]")
            .parseDefaulting(ChronoField.YEAR, 2026)
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
            .toFormatter(Locale.ENGLISH);

    private Times() {}

    static Instant at(String moment) {
        return LocalDateTime.parse(moment, FORMAT).toInstant(ZoneOffset.UTC);
    }
}
