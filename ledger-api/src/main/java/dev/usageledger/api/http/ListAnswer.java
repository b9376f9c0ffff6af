package dev.usageledger.api.http;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param next the cursor of the next page; {@code null} on the last one
 * @param asOfPosition the list contains the ledger up to here
 * @param lag how many positions the ledger was ahead of that
 */
public record ListAnswer<T>(List<T> items, @Nullable String next, long asOfPosition, long lag) {
    /** The same page with other items. */
    public <R> ListAnswer<R> map(Function<T, R> view) {
        return new ListAnswer<>(items.stream().map(view).toList(), next, asOfPosition, lag);
    }
}
