package dev.usageledger.api.http.whatif;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.http.HttpSettings;
import dev.usageledger.api.http.Turns;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.request.Fault;
import dev.usageledger.api.http.request.InvalidRequestException;
import dev.usageledger.api.http.request.Moments;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PeriodCalendar;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.WhatIf.Alternative;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What would have become of an organization otherwise. */
@RestController
class WhatIfCalls {
    private static final int LONGEST_CODE = 128;
    private static final String UNNAMED = "what-if";

    private final Ledger ledger;
    private final Turns turns;

    WhatIfCalls(Ledger ledger, HttpSettings settings) {
        this.ledger = ledger;
        // A long history keeps a processor busy for seconds, so that many at once would be felt by everybody else.
        this.turns = new Turns(
                settings.whatIfsAtOnce(),
                settings.longestWait(),
                "The ledger tells %d histories again at once, and is busy with as many. Asking again is safe."
                        .formatted(settings.whatIfsAtOnce()));
    }

    @GetMapping(path = "/v1/organizations/{organizationId}/what-if", produces = "application/json")
    WhatIfView whatIf(Request request) {
        var organizationId = organizationId(request);
        var alternative = alternative(request);
        var from = request.query("from", Moments.past(request));
        OrganizationId id = request.complete(organizationId::value);
        Alternative otherwise = alternative.get();
        Instant now = request.receivedAt();
        PeriodCalendar calendar = ledger.standing(id, now)
                .map(standing -> standing.balance().calendar())
                .orElseThrow(() -> ProblemException.organizationNotFound(id));
        Instant since = from.orElseGet(() -> ledger.openedAt(id).orElse(now)).value();
        return turns.take(1, () -> ledger.whatIf(id, since, now, otherwise))
                .map(periods -> WhatIfView.of(id, otherwise, now, periods, calendar))
                .orElseThrow(() -> ProblemException.organizationNotFound(id));
    }

    private static Supplier<Alternative> alternative(Request request) {
        var code = request.query("plan", Text.upTo(LONGEST_CODE));
        var included = request.query("includedMinutes", WhatIfCalls::includedMinutes);
        var packMinutes = request.query("packMinutes", text -> minutes(text, 1));
        return () -> {
            Optional<Minutes> minutes = included.orNull();
            if (minutes == null && (code.orNull() != null || packMinutes.orNull() == null)) {
                throw new InvalidRequestException(new Fault(
                        Fault.Part.QUERY,
                        "/includedMinutes",
                        "is required: a number or unlimited, unless packMinutes is all that differs"));
            }
            Plan plan = minutes == null ? null : new Plan(code.or(UNNAMED), minutes.orElse(null), Plan.Limit.SOFT);
            return new Alternative(plan, packMinutes.orNull());
        };
    }

    /** Empty when unlimited. */
    private static Optional<Minutes> includedMinutes(String text) {
        return text.equals("unlimited") ? Optional.empty() : Optional.of(minutes(text, 0));
    }

    private static Minutes minutes(String text, long least) {
        return Minutes.of(
                Text.wholeNumber(least, Minutes.MOST_PER_COMMAND.value()).apply(text));
    }
}
