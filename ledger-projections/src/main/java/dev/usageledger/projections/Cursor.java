package dev.usageledger.projections;

import dev.usageledger.organization.OrganizationId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list, to go on from: the sort key of the last row that was seen. Rows that come or go in between neither
 * repeat nor hide others. Callers see it as an opaque token.
 *
 * @param list which list in which order; a token of one is refused by every other
 * @param key the sort key, its parts free of line breaks
 */
public record Cursor(String list, List<String> key) {
    private static final String SEPARATOR = "\n";

    public Cursor {
        key = List.copyOf(key);
    }

    public static Cursor at(String list, Object... key) {
        return new Cursor(list, List.of(key).stream().map(Object::toString).toList());
    }

    public String token() {
        String plain = list + SEPARATOR + String.join(SEPARATOR, key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The place that {@code token} means in {@code list}; {@code null}, which is the start, for none.
     *
     * @throws InvalidCursorException when the token is not of that list
     */
    public static @Nullable Cursor of(@Nullable String token, String list, int parts) {
        if (token == null) {
            return null;
        }
        List<String> plain = List.of(decoded(token).split(SEPARATOR, -1));
        if (plain.size() != parts + 1 || !plain.getFirst().equals(list)) {
            throw new InvalidCursorException();
        }
        return new Cursor(list, plain.subList(1, plain.size()));
    }

    /** The number that a one-part token of {@code list} holds; {@code start} for none. */
    public static long number(@Nullable String token, String list, long start) {
        Cursor cursor = of(token, list, 1);
        return cursor == null ? start : cursor.number(0);
    }

    public OrganizationId organizationId(int part) {
        try {
            return new OrganizationId(key.get(part));
        } catch (IllegalArgumentException e) {
            throw new InvalidCursorException();
        }
    }

    public long number(int part) {
        try {
            return Long.parseLong(key.get(part));
        } catch (NumberFormatException e) {
            throw new InvalidCursorException();
        }
    }

    public double fraction(int part) {
        try {
            return Double.parseDouble(key.get(part));
        } catch (NumberFormatException e) {
            throw new InvalidCursorException();
        }
    }

    private static String decoded(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidCursorException();
        }
    }
}
