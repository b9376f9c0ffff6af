package dev.usageledger.api.http.problem;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Rejection.OrganizationNotFound;

/** Ends a request with a problem. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.type().code(), null, false, false);
        this.problem = problem;
    }

    public static ProblemException organizationNotFound(OrganizationId organizationId) {
        return new ProblemException(RejectionProblem.of(new OrganizationNotFound(organizationId)));
    }

    public Problem problem() {
        return problem;
    }
}
