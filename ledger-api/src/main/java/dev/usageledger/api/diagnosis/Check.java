package dev.usageledger.api.diagnosis;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param check which
 * @param organizationId of which organization; {@code null} when it is about the person
 * @param sentence what was found, for people
 * @param numbers the same for programs
 */
public record Check(
        Name check,
        @Nullable String organizationId,
        Outcome outcome,
        String sentence,
        Map<String, @Nullable Object> numbers) {
    /** In the order in which they are looked at. */
    public enum Name {
        PERSON,
        ORGANIZATION,
        MEMBERSHIP,
        REFUSED_CALLS,
        PERIOD,
        BASE,
        PACKS,
        HOLDS,
        LIMIT,
        REJECTIONS,
        REPLAY,
        CHAIN;

        @JsonValue
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** {@code ATTENTION}: something to know about. {@code PROBLEM}: it stops somebody, or numbers are wrong. */
    public enum Outcome {
        OK,
        ATTENTION,
        PROBLEM;

        @JsonValue
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean passes() {
        return outcome == Outcome.OK;
    }
}
