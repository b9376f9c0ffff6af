package dev.usageledger.api.http.request;

import java.time.Instant;
import java.util.function.Function;

/**
 * The moment that a question about the past is about, and the one as of which it is to be answered. Neither lies in the
 * future of the ledger's clock.
 */
public record Moments(Given<Instant> at, Given<Instant> knownAt) {
    public static Moments of(Request request) {
        return new Moments(request.query("at", past(request)), request.query("knownAt", past(request)));
    }

    /** A time that is not later than when the request came in. */
    public static Function<String, Instant> past(Request request) {
        return text -> {
            Instant time = Text.time(text);
            if (time.isAfter(request.receivedAt())) {
                throw new IllegalArgumentException("must not be later than now, which is " + request.receivedAt());
            }
            return time;
        };
    }

    /** Whether neither was given: the question is about now. */
    public boolean areLeftOut() {
        return at.orNull() == null && knownAt.orNull() == null;
    }
}
