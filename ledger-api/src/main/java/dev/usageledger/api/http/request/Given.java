package dev.usageledger.api.http.request;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the caller gave for one field. A field that was required and is missing or faulty has been reported, and its
 * value is not to be asked for: {@link Request#complete} does not come to that.
 */
public final class Given<T> {
    private static final Given<?> NOTHING = new Given<>(null);

    private final @Nullable T value;

    private Given(@Nullable T value) {
        this.value = value;
    }

    public static <T> Given<T> of(T value) {
        return new Given<>(value);
    }

    @SuppressWarnings("unchecked")
    static <T> Given<T> nothing() {
        return (Given<T>) NOTHING;
    }

    public T value() {
        if (value == null) {
            throw new IllegalStateException("asked for the value of a field that was not given");
        }
        return value;
    }

    public @Nullable T orNull() {
        return value;
    }

    /** This, or what stands for it where it was not given. */
    public Given<T> orElseGet(Supplier<T> otherwise) {
        return value == null ? of(otherwise.get()) : this;
    }

    public T or(T otherwise) {
        return value == null ? otherwise : value;
    }
}
