package dev.usageledger.api.http.ingestion;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.usageledger.api.http.problem.Problem;
import dev.usageledger.engine.Answer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What became of one event.
 *
 * @param status {@code accepted}, {@code duplicate} (it had been accepted before) or {@code rejected}
 * @param position of its organization's last event, where it was accepted or is a duplicate
 * @param problem why it was rejected
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record IngestedEvent(
        @Nullable String source,
        @Nullable String id,
        String status,
        @Nullable Long position,
        @Nullable Map<String, @Nullable Object> problem) {
    static final String ACCEPTED = "accepted";
    static final String DUPLICATE = "duplicate";
    static final String REJECTED = "rejected";

    record Outcome(
            String status,
            @Nullable Long position,
            @Nullable Map<String, @Nullable Object> problem) {
        /** Whether it is recorded, by now or since it was sent before. */
        boolean isTakenIn() {
            return problem == null;
        }
    }

    static Outcome done(Answer.Done done) {
        return new Outcome(
                done.replayed() ? DUPLICATE : ACCEPTED, done.standing().position(), null);
    }

    static Outcome rejected(Problem problem) {
        return new Outcome(REJECTED, null, problem.body());
    }

    static IngestedEvent of(JsonNode event, Outcome outcome) {
        return new IngestedEvent(
                CloudEvent.shown(event, "source"),
                CloudEvent.shown(event, "id"),
                outcome.status(),
                outcome.position(),
                outcome.problem());
    }
}
