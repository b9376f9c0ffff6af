package dev.usageledger.api.http.explanation;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.http.Lists.Paging;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.request.Moments;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.engine.Explanation;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.Cursor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How a balance has come about, line by line. */
@RestController
class ExplanationCalls {
    private static final String PATH = "/v1/organizations/{organizationId}/usage/explain";
    private static final String LINES = "explanation";

    private final Ledger ledger;

    ExplanationCalls(Ledger ledger) {
        this.ledger = ledger;
    }

    @GetMapping(path = PATH, produces = "application/json")
    ExplanationView explain(Request request) {
        var organizationId = organizationId(request);
        var at = request.query("at", Moments.past(request));
        Paging paging = Paging.of(request);
        OrganizationId id = request.complete(organizationId::value);
        Instant moment = at.or(request.receivedAt());
        Long after = after(paging);
        return request.complete(() -> ledger.explain(id, moment, after, paging.size()))
                .map(ExplanationCalls::view)
                .orElseThrow(() -> ProblemException.organizationNotFound(id));
    }

    @GetMapping(path = PATH, produces = "text/plain;charset=UTF-8")
    String text(Request request) {
        return ExplanationText.of(explain(request));
    }

    private static ExplanationView view(Explanation explanation) {
        Long next = explanation.next();
        return ExplanationView.of(
                explanation, next == null ? null : Cursor.at(LINES, next).token());
    }

    private static @Nullable Long after(Paging paging) {
        String cursor = paging.cursor().orNull();
        return cursor == null ? null : Cursor.number(cursor, LINES, 0);
    }
}
