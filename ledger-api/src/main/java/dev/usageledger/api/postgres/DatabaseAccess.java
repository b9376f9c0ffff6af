package dev.usageledger.api.postgres;

import dev.usageledger.api.CannotStartException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach the ledger's database.
 *
 * @param user a role that owns it and has no rights beyond it
 */
public record DatabaseAccess(String jdbcUrl, String user, String password) {
    /** The database that the environment names instead of the embedded one. */
    public static Optional<DatabaseAccess> named() {
        Map<String, String> environment = System.getenv();
        return Optional.ofNullable(environment.get("SPRING_DATASOURCE_URL"))
                .map(url -> new DatabaseAccess(
                        url,
                        environment.getOrDefault("SPRING_DATASOURCE_USERNAME", ""),
                        environment.getOrDefault("SPRING_DATASOURCE_PASSWORD", "")));
    }

    /** @throws CannotStartException when nobody answers, or refuses */
    public void requireAnswer() {
        try {
            DriverManager.getConnection(jdbcUrl, user, password).close();
        } catch (SQLException e) {
            throw new CannotStartException(
                    "Cannot reach the database %s: %s Check SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD."
                            .formatted(jdbcUrl, e.getMessage()),
                    e);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user + " at " + jdbcUrl;
    }
}
