package dev.usageledger.api.diagnosis;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lists show of an organization, and what it is decided on, held against a replay of its events.
 *
 * @param events how many events the organization has
 * @param replayed whether they were replayed; if not, lists were held against what is decided on, where that was possible
 * @param behind how many events are not in the lists yet
 * @param behindSince when the first of these was recorded; {@code null} when there is none, or nothing was replayed
 * @param differences what differs, by name; empty when nothing does
 */
record ReplayComparison(
        long events,
        boolean replayed,
        long behind,
        @Nullable Instant behindSince,
        List<Difference> differences) {
    /** @param where {@code lists} or {@code decisions}, whichever does not have what it should */
    record Difference(
            String what,
            String where,
            @Nullable Object shown,
            @Nullable Object expected) {}
}
