package dev.usageledger.api.http.request;

import dev.usageledger.organization.Minutes;
import java.math.BigDecimal;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** What JSON values can mean. Each reading throws {@link IllegalArgumentException} with what the value has to be. */
public final class Json {
    private static final int MOST_DIGITS = 18;

    private Json() {}

    /** How one kind of value is read. Never given {@code null} or JSON's null. */
    @FunctionalInterface
    public interface Kind<T> {
        T read(JsonNode node);
    }

    /** A string, and what it means. */
    public static <T> Kind<T> string(Function<String, T> meaning) {
        return node -> {
            if (!node.isString()) {
                throw new IllegalArgumentException("must be a string");
            }
            String text = node.stringValue();
            if (!Text.isWellFormed(text)) {
                throw new IllegalArgumentException("must not contain \\u0000 or half a surrogate pair");
            }
            return meaning.apply(text);
        };
    }

    /** Whole minutes, at least so many and at most what one command may move. */
    public static Kind<Minutes> minutes(long least) {
        Kind<Long> number = wholeNumber(least, Minutes.MOST_PER_COMMAND.value());
        return node -> Minutes.of(number.read(node));
    }

    /** A number without fraction, however it is written: 10, 10.0 and 1e1 are the same. */
    public static Kind<Long> wholeNumber(long least, long most) {
        return node -> {
            BigDecimal number = number(node);
            if (integerDigits(number) <= MOST_DIGITS && isWhole(number)) {
                long whole = number.longValueExact();
                if (whole >= least && whole <= most) {
                    return whole;
                }
            }
            throw new IllegalArgumentException("must be a whole number from " + least + " to " + most);
        };
    }

    /** A number, exactly as it is written. */
    public static BigDecimal number(JsonNode node) {
        if (!node.isNumber()) {
            throw new IllegalArgumentException("must be a number");
        }
        return node.decimalValue();
    }

    // Asked first, so that a number like 1e999999999 is never written out.
    private static long integerDigits(BigDecimal number) {
        return number.precision() - (long) number.scale();
    }

    private static boolean isWhole(BigDecimal number) {
        return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    }
}
