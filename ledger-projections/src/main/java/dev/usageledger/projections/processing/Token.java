package dev.usageledger.projections.processing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The row of a schema's {@code token}: how far the read models have come, by which definition, and who takes them
 * further. Times are the database's, so that the clocks of nodes need not agree.
 */
public final class Token {
    private static final String PROCESSOR = "read-models";

    private final String schema;

    public Token(String schema) {
        this.schema = schema;
    }

    /**
     * Up to where tables contain everything, and which tables.
     *
     * @param generation goes up when other tables take their place
     */
    record Place(long position, long generation) {
        static final Place START = new Place(0, 0);

        Place at(long further) {
            return new Place(further, generation);
        }
    }

    /**
     * Makes the row, or takes it over for another definition of the read models.
     *
     * @return the definition that the tables held until now, if there was one
     */
    public Optional<String> define(Connection connection, String definition) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO %s.token (processor, definition) VALUES (?, ?) ON CONFLICT DO NOTHING
                """.formatted(schema))) {
            insert.setString(1, PROCESSOR);
            insert.setString(2, definition);
            if (insert.executeUpdate() == 1) {
                return Optional.empty();
            }
        }
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT definition FROM %s.token WHERE processor = ? FOR UPDATE".formatted(schema))) {
            query.setString(1, PROCESSOR);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return Optional.of(row.getString("definition"));
            }
        }
    }

    /** Notes that other tables have taken the place of those there were, and contain everything up to a position. */
    public void replace(Connection connection, String definition, long position) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE %s.token
                SET position = ?, generation = generation + 1, moved_at = clock_timestamp(), definition = ?,
                    owner = CASE WHEN definition = ? THEN owner END,
                    claimed_until = CASE WHEN definition = ? THEN claimed_until END
                WHERE processor = ?
                """.formatted(schema))) {
            update.setLong(1, position);
            update.setString(2, definition);
            update.setString(3, definition);
            update.setString(4, definition);
            update.setString(5, PROCESSOR);
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
    Place lock(Connection connection, String definition) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT position, generation,
                       set_config('synchronous_commit', 'off', true),
                       set_config('enable_seqscan', 'off', true),
                       set_config('enable_hashjoin', 'off', true),
                       set_config('enable_mergejoin', 'off', true)
                FROM %s.token WHERE processor = ? AND definition = ? FOR UPDATE
                """.formatted(schema))) {
            query.setString(1, PROCESSOR);
            query.setString(2, definition);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("the read models belong to another version of the service now");
                }
                return new Place(row.getLong("position"), row.getLong("generation"));
            }
        }
    }

    public void moveTo(Connection connection, long position) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE %s.token SET position = ?, moved_at = clock_timestamp() WHERE processor = ?"
                        .formatted(schema))) {
            update.setLong(1, position);
            update.setString(2, PROCESSOR);
            update.executeUpdate();
        }
    }

    /** The position of the last event that the read models contain; 0 before the first. */
    public long position(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT position FROM %s.token WHERE processor = ?".formatted(schema))) {
            query.setString(1, PROCESSOR);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getLong("position") : 0;
            }
        }
    }

    /** The definition that the tables hold; empty when nothing has ever been built. */
    public Optional<String> definition(Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT definition FROM %s.token WHERE processor = ?".formatted(schema))) {
            query.setString(1, PROCESSOR);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getString("definition")) : Optional.empty();
            }
        }
    }

    /** Whether a running service updates the tables at present. */
    public boolean isClaimed(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT FROM %s.token WHERE processor = ? AND claimed_until > clock_timestamp()".formatted(schema))) {
            query.setString(1, PROCESSOR);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    boolean mayClaim(Connection connection, String owner) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT FROM %s.token
                WHERE processor = ? AND (owner IS NULL OR owner = ? OR claimed_until < clock_timestamp())
                """.formatted(schema))) {
            query.setString(1, PROCESSOR);
            query.setString(2, owner);
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Claims the row for {@code owner}; tells the position, or nothing when somebody else has the claim. */
    OptionalLong claim(Connection connection, String owner, long claimMillis) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE %s.token
                SET owner = ?, claimed_until = clock_timestamp() + ? * interval '1 millisecond'
                WHERE processor = ? AND (owner IS NULL OR owner = ? OR claimed_until < clock_timestamp())
                RETURNING position
                """.formatted(schema))) {
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
    OptionalLong renew(Connection connection, String owner, long claimMillis) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE %s.token SET claimed_until = clock_timestamp() + ? * interval '1 millisecond'
                WHERE processor = ? AND owner = ? RETURNING position
                """.formatted(schema))) {
            update.setLong(1, claimMillis);
            update.setString(2, PROCESSOR);
            update.setString(3, owner);
            try (ResultSet row = update.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong("position")) : OptionalLong.empty();
            }
        }
    }

    void release(Connection connection, String owner) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE %s.token SET owner = NULL, claimed_until = NULL WHERE processor = ? AND owner = ?
                """.formatted(schema))) {
            update.setString(1, PROCESSOR);
            update.setString(2, owner);
            update.executeUpdate();
        }
    }
}
