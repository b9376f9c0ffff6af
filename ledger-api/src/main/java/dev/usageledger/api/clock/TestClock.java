package dev.usageledger.api.clock;

import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A clock that stands still until it is moved, forward only. Where it stands is kept in the database, so a restart does
 * not lose it. It is for one node: two would not see each other's moves.
 */
public final class TestClock implements InstantSource {
    private final JdbcClient database;
    private volatile Instant now;

    private TestClock(JdbcClient database, Instant now) {
        this.database = database;
        this.now = now;
        keep(now);
    }

    /** Goes on where it stood, or at {@code start} where that is later or it never ran before. */
    static TestClock startingAt(Instant start, JdbcClient database) {
        Instant stood = lastKept(database).orElse(start);
        return new TestClock(database, stood.isAfter(start) ? stood : start);
    }

    /** Where the clock of this database stands; empty when it never had one. */
    public static Optional<Instant> lastKept(JdbcClient database) {
        return database.sql("SELECT now FROM access.test_clock")
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Moves to {@code to}, unless that would be backwards. */
    public synchronized boolean move(Instant to) {
        if (to.isBefore(now)) {
            return false;
        }
        keep(to);
        now = to;
        return true;
    }

    private void keep(Instant instant) {
        database.sql("""
                        INSERT INTO access.test_clock (now) VALUES (:now)
                        ON CONFLICT (singleton) DO UPDATE SET now = excluded.now
                        """).param("now", instant.atOffset(ZoneOffset.UTC)).update();
    }
}
