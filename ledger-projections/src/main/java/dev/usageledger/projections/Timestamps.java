package dev.usageledger.projections;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Instants as PostgreSQL keeps them: whole microseconds, cut off and not rounded, so that nothing seems to happen after
 * it did. What lies outside the years 1 to 9999 becomes infinite rather than stop a table from being written.
 */
public final class Timestamps {
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    // PostgreSQL counts from here, and this is how it knows infinity.
    private static final long BINARY_EPOCH_SECOND =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
    private static final long BINARY_EARLIER = Long.MIN_VALUE;
    private static final long BINARY_LATER = Long.MAX_VALUE;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private Timestamps() {}

    public static @Nullable String write(@Nullable Instant instant) {
        if (instant == null) {
            return null;
        }
        if (instant.isBefore(EARLIEST)) {
            return "-infinity";
        }
        Instant kept = instant.truncatedTo(ChronoUnit.MICROS);
        return kept.isAfter(LATEST) ? "infinity" : kept.toString();
    }

    /** As {@link #write}, in PostgreSQL's binary format: microseconds since 2000. */
    static long writeBinary(Instant instant) {
        if (instant.isBefore(EARLIEST)) {
            return BINARY_EARLIER;
        }
        if (instant.truncatedTo(ChronoUnit.MICROS).isAfter(LATEST)) {
            return BINARY_LATER;
        }
        return (instant.getEpochSecond() - BINARY_EPOCH_SECOND) * MICROS_PER_SECOND
                + instant.getNano() / NANOS_PER_MICRO;
    }

    public static Instant read(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    public static @Nullable Instant readNullable(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
