package dev.usageledger.projections.processing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The row of {@code reporting.token}: how far the read models have come, by which definition, and who takes them
 * further. Times are the database's, so that the clocks of nodes need not agree.
 */
final class Token {
    private static final String PROCESSOR = "read-models";

    private Token() {}

    /**
     * Makes the row, or takes it over for another definition of the read models.
     *
     * @return the definition that the tables held until now, if there was one
     */
    static Optional<String> define(Connection connection, String definition) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO reporting.token (processor, definition) VALUES (?, ?) ON CONFLICT DO NOTHING
                """)) {
            insert.setString(1, PROCESSOR);
            insert.setString(2, definition);
            if (insert.executeUpdate() == 1) {
                return Optional.empty();
            }
        }
        try (PreparedStatement query =
                connection.prepareStatement("SELECT definition FROM reporting.token WHERE processor = ? FOR UPDATE")) {
            query.setString(1, PROCESSOR);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return Optional.of(row.getString("definition"));
            }
        }
    }

    /** Goes back to before the first event, under a new definition. */
    static void restart(Connection connection, String definition) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE reporting.token
                SET definition = ?, position = 0, owner = NULL, claimed_until = NULL, moved_at = clock_timestamp()
                WHERE processor = ?
                """)) {
            update.setString(1, definition);
            update.setString(2, PROCESSOR);
            update.executeUpdate();
        }
    }

    /**
     * The position, and nobody else moves it until the transaction ends. For the same time, a commit need not wait for the
     * disk: what a crash takes is replayed from the events, and those are there. And rows are found by their keys,
     * whatever the planner thinks of a table that was almost empty when it made its plan.
     *
     * @throws IllegalStateException when the tables have been taken over for another definition
     */
    static long lock(Connection connection, String definition) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT position,
                       set_config('synchronous_commit', 'off', true),
                       set_config('enable_seqscan', 'off', true),
                       set_config('enable_hashjoin', 'off', true),
                       set_config('enable_mergejoin', 'off', true)
                FROM reporting.token WHERE processor = ? AND definition = ? FOR UPDATE
                """)) {
            query.setString(1, PROCESSOR);
            query.setString(2, definition);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("the read models belong to another version of the service now");
                }
                return row.getLong("position");
            }
        }
    }

    static void moveTo(Connection connection, long position) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE reporting.token SET position = ?, moved_at = clock_timestamp() WHERE processor = ?")) {
            update.setLong(1, position);
            update.setString(2, PROCESSOR);
            update.executeUpdate();
        }
    }

    /** The position of the last event that the read models contain; 0 before the first. */
    static long position(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT position FROM reporting.token WHERE processor = ?")) {
            query.setString(1, PROCESSOR);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getLong("position") : 0;
            }
        }
    }

    static boolean mayClaim(Connection connection, String owner) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT FROM reporting.token
                WHERE processor = ? AND (owner IS NULL OR owner = ? OR claimed_until < clock_timestamp())
                """)) {
            query.setString(1, PROCESSOR);
            query.setString(2, owner);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Claims the row for {@code owner}; tells the position, or nothing when somebody else has the claim. */
    static OptionalLong claim(Connection connection, String owner, long claimMillis) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE reporting.token
                SET owner = ?, claimed_until = clock_timestamp() + ? * interval '1 millisecond'
                WHERE processor = ? AND (owner IS NULL OR owner = ? OR claimed_until < clock_timestamp())
                RETURNING position
                """)) {
            update.setString(1, owner);
            update.setLong(2, claimMillis);
            update.setString(3, PROCESSOR);
            update.setString(4, owner);
            try (ResultSet row = update.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong("position")) : OptionalLong.empty();
            }
        }
    }

    /** Renews a claim; tells the position, or nothing when the claim has been lost. */
    static OptionalLong renew(Connection connection, String owner, long claimMillis) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE reporting.token SET claimed_until = clock_timestamp() + ? * interval '1 millisecond'
                WHERE processor = ? AND owner = ? RETURNING position
                """)) {
            update.setLong(1, claimMillis);
            update.setString(2, PROCESSOR);
            update.setString(3, owner);
            try (ResultSet row = update.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong("position")) : OptionalLong.empty();
            }
        }
    }

    static void release(Connection connection, String owner) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE reporting.token SET owner = NULL, claimed_until = NULL WHERE processor = ? AND owner = ?
                """)) {
            update.setString(1, PROCESSOR);
            update.setString(2, owner);
            update.executeUpdate();
        }
    }
}
