package dev.usageledger.api.http.problem;

import dev.usageledger.api.http.request.Fault;
import dev.usageledger.engine.LedgerUnavailableException;
import java.util.List;
import java.util.Map;

/** Problems of a request itself, before any rule of the ledger is asked. */
public final class Problems {
    private Problems() {}

    public static Problem invalid(List<Fault> faults) {
        String detail = faults.size() == 1
                ? "The request has one fault; nothing was done."
                : "The request has " + faults.size() + " faults; nothing was done.";
        return new Problem(ProblemType.INVALID_REQUEST, detail, Map.of("errors", faults));
    }

    public static Problem unauthenticated(String detail) {
        return new Problem(ProblemType.UNAUTHENTICATED, detail);
    }

    /** The ledger could not answer, and why: too many senders ask for other remedies than a database that is away. */
    public static Problem unavailable(LedgerUnavailableException fault) {
        return unavailable(String.valueOf(fault.getMessage()));
    }

    static Problem unavailable(String why) {
        return new Problem(ProblemType.OVERLOADED, "Right now, %s. Sending the same again is safe.".formatted(why));
    }

    /** The problem for what was refused with a bare HTTP status before a controller saw it. */
    public static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> new Problem(ProblemType.NOT_FOUND, "No call has this path.");
            case 405 -> new Problem(ProblemType.METHOD_NOT_ALLOWED, "This path does not take this method.");
            case 406 -> new Problem(ProblemType.NOT_ACCEPTABLE, "Answers are application/json.");
            case 413 -> new Problem(ProblemType.PAYLOAD_TOO_LARGE, "The body is too large.");
            case 415 -> new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Bodies are application/json in UTF-8.");
            case 503 -> new Problem(ProblemType.OVERLOADED, "The ledger cannot answer right now.");
            default ->
                status >= 400 && status < 500
                        ? invalid(List.of(new Fault(Fault.Part.PATH, "", "cannot be understood as a request")))
                        : new Problem(
                                ProblemType.INTERNAL_ERROR,
                                "The fault is the ledger's, and is logged under this answer's X-Request-Id.");
        };
    }
}
