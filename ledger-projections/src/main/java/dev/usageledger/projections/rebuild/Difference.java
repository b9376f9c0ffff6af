package dev.usageledger.projections.rebuild;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A row that is not what all events make of it.
 *
 * @param table its table, with the schema
 * @param key its primary key, column by column; the organization comes first
 * @param columns those that differ; all of them when the row is missing or should not be there
 */
public record Difference(String table, Map<String, String> key, Kind kind, List<Column> columns) {
    /** What is wrong with a row. */
    public enum Kind {
        CHANGED,
        /** Events make a row that the live table does not have. */
        MISSING,
        /** The live table has a row that no event makes. */
        EXTRA
    }

    /**
     * A column, with what PostgreSQL would show of it.
     *
     * @param live in the live table
     * @param rebuilt as it should be
     */
    public record Column(
            String name, @Nullable String live, @Nullable String rebuilt) {}

    public String organizationId() {
        return key.getOrDefault("organization_id", "");
    }

    /** The row in a few words, such as {@code reporting.members (organization_id acme, user_id ann)}. */
    public String row() {
        return key.entrySet().stream()
                .map(part -> part.getKey() + " " + part.getValue())
                .collect(Collectors.joining(", ", table + " (", ")"));
    }
}
