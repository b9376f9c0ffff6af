package dev.usageledger.organization;

/**
 * The unit of account: whole minutes, never negative. Arithmetic is exact; what does not fit 64 bits is an {@link
 * ArithmeticException}, never a wrong number.
 */
public record Minutes(long value) implements Comparable<Minutes> {
    public static final Minutes ZERO = new Minutes(0);

    /** The most that a single command may move. */
    public static final Minutes MOST_PER_COMMAND = new Minutes(1_000_000_000);

    private static final long SECONDS_PER_MINUTE = 60;

    public Minutes {
        if (value < 0) {
            throw new IllegalArgumentException("minutes must not be negative: " + value);
        }
    }

    public static Minutes of(long value) {
        return value == 0 ? ZERO : new Minutes(value);
    }

    /** What a recording of that many seconds costs: every minute begun counts. */
    public static Minutes ofSeconds(long seconds) {
        if (seconds < 0) {
            throw new IllegalArgumentException("durationSeconds must not be negative: " + seconds);
        }
        return of(Math.ceilDiv(seconds, SECONDS_PER_MINUTE));
    }

    public Minutes plus(Minutes other) {
        return of(Math.addExact(value, other.value));
    }

    /** @throws IllegalArgumentException when {@code other} is more than this. */
    public Minutes minus(Minutes other) {
        return of(value - other.value);
    }

    /** What is left of this after taking {@code other}, and nothing when {@code other} is more. */
    public Minutes lessAtMost(Minutes other) {
        return of(Math.max(0, value - other.value));
    }

    public Minutes min(Minutes other) {
        return value <= other.value ? this : other;
    }

    public boolean isZero() {
        return value == 0;
    }

    public boolean exceeds(Minutes other) {
        return value > other.value;
    }

    @Override
    public int compareTo(Minutes other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
