package dev.usageledger.api.http;

import dev.usageledger.api.http.problem.Problem;
import dev.usageledger.api.http.problem.RejectionProblem;
import dev.usageledger.api.rejections.CommandName;
import dev.usageledger.api.rejections.Refused;
import dev.usageledger.api.rejections.RejectionLog;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Rejection;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells callers why a command was refused, and notes it for support. */
@Component
public class Refusals {
    private final RejectionLog log;

    Refusals(RejectionLog log) {
        this.log = log;
    }

    /** The problem that a rejected command is answered with. */
    public Problem of(OrganizationCommand command, Rejection rejection, Origin origin) {
        Problem problem = RejectionProblem.of(rejection);
        note(command.organizationId(), command.receivedAt(), CommandName.of(command), problem, origin);
        return problem;
    }

    /** The same problem, noted: nobody can be charged for this command. */
    public Problem withoutOrganization(CommandName command, Problem problem, Instant at, Origin origin) {
        note(null, at, command, problem, origin);
        return problem;
    }

    private void note(
            @Nullable OrganizationId organizationId, Instant at, CommandName command, Problem problem, Origin origin) {
        log.note(new Refused(
                organizationId, at, command, problem.type().code(), withoutTexts(problem.members()), origin));
    }

    /** A text that a caller wrote, such as the reason of a correction, may name a person. */
    private static Map<String, @Nullable Object> withoutTexts(Map<String, ? extends @Nullable Object> members) {
        Map<String, @Nullable Object> kept = new LinkedHashMap<>(members);
        if (kept.get("original") instanceof String || kept.get("given") instanceof String) {
            kept.remove("original");
            kept.remove("given");
        }
        return kept;
    }
}
