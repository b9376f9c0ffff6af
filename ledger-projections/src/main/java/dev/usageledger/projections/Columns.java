package dev.usageledger.projections;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way into one statement, whatever their number: each column becomes one array parameter, in the order
 * of the calls, for the statement to turn into rows again. It may {@code unnest} them all at once in its {@code FROM};
 * one by one in the list of a {@code SELECT} is cheaper, since then no column is put aside first and read back.
 */
public final class Columns<R> {
    private final List<R> rows;
    private final List<Column> columns = new ArrayList<>();

    private Columns(Collection<R> rows) {
        this.rows = List.copyOf(rows);
    }

    public static <R> Columns<R> of(Collection<R> rows) {
        return new Columns<>(rows);
    }

    public Columns<R> text(Function<R, @Nullable String> value) {
        return column("text", filled(new String[rows.size()], value));
    }

    /** A constant as it is stored: in lower case and with hyphens. */
    public Columns<R> code(Function<R, ? extends @Nullable Enum<?>> value) {
        return text(row -> Codes.write(value.apply(row)));
    }

    public Columns<R> bigint(Function<R, @Nullable Long> value) {
        return column("bigint", filled(new Long[rows.size()], value));
    }

    public Columns<R> numeric(Function<R, @Nullable BigDecimal> value) {
        return column("numeric", filled(new BigDecimal[rows.size()], value));
    }

    public Columns<R> timestamp(Function<R, @Nullable Instant> value) {
        return column("timestamptz", filled(new String[rows.size()], row -> Timestamps.write(value.apply(row))));
    }

    /**
     * Runs {@code sql} with these columns; no rows, no statement.
     *
     * @throws IllegalStateException when it did not write each of the rows: what should be there is missing, and to go
     *     on would be to lose a change
     */
    public void execute(Connection connection, String sql) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        List<Array> arrays = new ArrayList<>(columns.size());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Column column : columns) {
                Array array = connection.createArrayOf(column.type(), column.values());
                arrays.add(array);
                statement.setArray(arrays.size(), array);
            }
            int written = statement.executeUpdate();
            if (written != rows.size()) {
                throw new IllegalStateException("%d of %d rows are not there to be changed by: %s"
                        .formatted(rows.size() - written, rows.size(), sql));
            }
        } finally {
            for (Array array : arrays) {
                array.free();
            }
        }
    }

    private <T> @Nullable T[] filled(@Nullable T[] values, Function<R, ? extends @Nullable T> value) {
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(rows.get(i));
        }
        return values;
    }

    // The arrays have the type of their elements: the driver sends those of text and numbers as they are, and spells
    // out all others.
    private Columns<R> column(String type, @Nullable Object[] values) {
        columns.add(new Column(type, values));
        return this;
    }

    private record Column(String type, @Nullable Object[] values) {}
}
