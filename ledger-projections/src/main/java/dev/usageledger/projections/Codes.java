package dev.usageledger.projections;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Constants as they stand in tables: {@code CURRENT_PERIOD} is {@code current-period}. */
public final class Codes {
    private static final Map<Enum<?>, String> WRITTEN = new ConcurrentHashMap<>();

    private Codes() {}

    public static @Nullable String write(@Nullable Enum<?> constant) {
        return constant == null ? null : WRITTEN.computeIfAbsent(constant, Codes::code);
    }

    private static String code(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static <E extends Enum<E>> E read(Class<E> type, String code) {
        return Enum.valueOf(type, code.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    public static <E extends Enum<E>> @Nullable E readNullable(Class<E> type, @Nullable String code) {
        return code == null ? null : read(type, code);
    }
}
