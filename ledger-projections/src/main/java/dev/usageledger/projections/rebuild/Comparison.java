package dev.usageledger.projections.rebuild;

import dev.usageledger.engine.OrganizationCodec;
import dev.usageledger.engine.OrganizationRange;
import dev.usageledger.engine.UnreadableEventException;
import dev.usageledger.projections.processing.Projector;
import dev.usageledger.projections.rebuild.Difference.Column;
import dev.usageledger.projections.rebuild.Difference.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sets a live table beside a rebuilt one, row by row by primary key and column by column. Columns that are computed from
 * others of the same row are left out: they cannot differ by themselves.
 */
final class Comparison {
    private static final int ROWS_PER_FETCH = 500;
    private static final String STATE = "state";

    private final String rebuiltSchema;

    /** @param rebuiltSchema where the rebuilt tables are; they have the names of the live ones */
    Comparison(String rebuiltSchema) {
        this.rebuiltSchema = rebuiltSchema;
    }

    /** Hands over every row of these organizations that differs, in order of keys. Both have to be equally far along. */
    void differences(Connection connection, String table, OrganizationRange organizations, Consumer<Difference> found)
            throws SQLException {
        Shape shape = Shape.of(connection, table);
        try (PreparedStatement query =
                connection.prepareStatement(shape.comparison(rebuiltSchema, table, organizations))) {
            query.setFetchSize(ROWS_PER_FETCH);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Difference difference = difference(row, table, shape);
                    if (difference != null) {
                        found.accept(difference);
                    }
                }
            }
        }
    }

    private static @Nullable Difference difference(ResultSet row, String table, Shape shape) throws SQLException {
        Kind kind = Kind.valueOf(row.getString("kind"));
        Map<String, String> key = new LinkedHashMap<>();
        for (String column : shape.key()) {
            key.put(column, row.getString(column));
        }
        List<Column> columns = new ArrayList<>();
        for (String column : shape.others()) {
            String live = row.getString("live_" + column);
            String rebuilt = row.getString("rebuilt_" + column);
            if (kind != Kind.CHANGED || row.getBoolean("differs_" + column) && !isSame(column, live, rebuilt)) {
                columns.add(new Column(column, live, rebuilt));
            }
        }
        return columns.isEmpty() && kind == Kind.CHANGED
                ? null
                : new Difference(Projector.LIVE + "." + table, key, kind, columns);
    }

    /** A state is JSON, and can be written in more than one way. */
    private static boolean isSame(String column, @Nullable String live, @Nullable String rebuilt) {
        if (!column.equals(STATE) || live == null || rebuilt == null) {
            return false;
        }
        try {
            return OrganizationCodec.organization(live).equals(OrganizationCodec.organization(rebuilt));
        } catch (UnreadableEventException e) {
            return false;
        }
    }

    /** The columns of a table: those of its primary key, and the others that are stored. */
    private record Shape(List<String> key, List<String> others) {
        static Shape of(Connection connection, String table) throws SQLException {
            List<String> key = new ArrayList<>();
            List<String> others = new ArrayList<>();
            try (PreparedStatement query = connection.prepareStatement("""
                    SELECT attname, coalesce(attnum = ANY (conkey), false) AS is_key
                    FROM pg_attribute LEFT JOIN pg_constraint ON conrelid = attrelid AND contype = 'p'
                    WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
                    ORDER BY attnum
                    """)) {
                query.setString(1, Projector.LIVE + "." + table);
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        (row.getBoolean("is_key") ? key : others).add(row.getString("attname"));
                    }
                }
            }
            return new Shape(key, others);
        }

        String comparison(String rebuiltSchema, String table, OrganizationRange organizations) {
            String first = key.getFirst();
            String values = others.stream().map(column -> """
                            , live.%1$s::text AS live_%1$s, rebuilt.%1$s::text AS rebuilt_%1$s,
                            live.%1$s IS DISTINCT FROM rebuilt.%1$s AS differs_%1$s
                            """.formatted(column)).collect(Collectors.joining());
            String differs = others.stream()
                    .map(column -> "live.%1$s IS DISTINCT FROM rebuilt.%1$s".formatted(column))
                    .collect(Collectors.joining(" OR "));
            return """
                    SELECT CASE WHEN live.%1$s IS NULL THEN 'MISSING' WHEN rebuilt.%1$s IS NULL THEN 'EXTRA'
                           ELSE 'CHANGED' END AS kind, %2$s %3$s
                    FROM (SELECT * FROM %4$s.%5$s WHERE %6$s) AS live
                    FULL JOIN (SELECT * FROM %7$s.%5$s WHERE %6$s) AS rebuilt USING (%2$s)
                    WHERE live.%1$s IS NULL OR rebuilt.%1$s IS NULL OR %8$s
                    ORDER BY %2$s
                    """.formatted(
                            first,
                            String.join(", ", key),
                            values,
                            Projector.LIVE,
                            table,
                            organizations.condition(first),
                            rebuiltSchema,
                            differs);
        }
    }
}
