package dev.usageledger.api.diagnosis;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was found. Of plain values only, so that it reads the same wherever it is written as JSON.
 *
 * @param verdict why the person sees what they see, in one sentence
 * @param checks what was looked at, with the numbers
 * @param next what to do, most useful first; empty when there is nothing to do
 * @param asOf the moment that balances are computed for
 */
public record Diagnosis(
        Result result, String verdict, @Nullable Person person, List<Check> checks, List<NextStep> next, Instant asOf) {
    /** {@code FOUND} when any check found something; {@code UNKNOWN} when nobody is known by what was given. */
    public enum Result {
        WELL,
        FOUND,
        UNKNOWN;

        @JsonValue
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param email as it was asked for; {@code null} when it was not asked by address
     * @param userIds whom it stands for; several when one address was given for several people
     * @param organizationIds those that the person is a member of, by the ledger
     */
    public record Person(@Nullable String email, List<String> userIds, List<String> organizationIds) {
        @Override
        public String toString() {
            return "person " + userIds;
        }
    }

    @Override
    public String toString() {
        return "diagnosis " + result;
    }
}
