package dev.usageledger.projections;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next token of the {@link Cursor} that the next page starts from; {@code null} on the last page
 */
public record Page<T>(List<T> items, @Nullable String next) {
    public static final int LARGEST = 1_000;

    public Page {
        items = List.copyOf(items);
    }

    /**
     * How many rows to ask for, so that one beyond the page tells whether there is a next one.
     *
     * @throws IllegalArgumentException when {@code limit} is not from 1 to {@link #LARGEST}
     */
    public static int rowsFor(int limit) {
        if (limit < 1 || limit > LARGEST) {
            throw new IllegalArgumentException("limit must be from 1 to " + LARGEST + ": " + limit);
        }
        return limit + 1;
    }

    /** The page that {@code rows} make, which were asked for with {@link #rowsFor}. */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, Cursor> place) {
        return rows.size() <= limit
                ? new Page<>(rows, null)
                : new Page<>(
                        rows.subList(0, limit), place.apply(rows.get(limit - 1)).token());
    }
}
