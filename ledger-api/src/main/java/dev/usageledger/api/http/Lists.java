package dev.usageledger.api.http;

import dev.usageledger.api.http.problem.Problem;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.problem.ProblemType;
import dev.usageledger.api.http.request.Fault;
import dev.usageledger.api.http.request.Fault.Part;
import dev.usageledger.api.http.request.Fields;
import dev.usageledger.api.http.request.Given;
import dev.usageledger.api.http.request.InvalidRequestException;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.Page;
import dev.usageledger.projections.processing.ReadModels;
import dev.usageledger.projections.processing.ReadModelsStatus;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Answers lists from the read models, and says how far behind the ledger they are. */
@Component
public class Lists {
    private static final int USUAL_LIMIT = 50;
    private static final int LARGEST_LIMIT = 500;
    private static final int LONGEST_CURSOR = 1_000;
    private static final long HIGHEST_POSITION = 999_999_999_999_999_999L;

    private final Ledger ledger;
    private final ReadModels readModels;
    private final Duration longestWait;

    Lists(Ledger ledger, ReadModels readModels, HttpSettings settings) {
        this.ledger = ledger;
        this.readModels = readModels;
        this.longestWait = settings.longestWait();
    }

    /** The page of a list that a request asks for. */
    @FunctionalInterface
    public interface Query<T> {
        Page<T> page(@Nullable String cursor, int limit);
    }

    /** The page of an organization's list that a request asks for. */
    @FunctionalInterface
    public interface QueryOfOrganization<T> {
        Page<T> page(OrganizationId organizationId, @Nullable String cursor, int limit);
    }

    /** What every list takes. */
    public record Paging(Given<Long> limit, Given<String> cursor, Given<Long> atLeast) {
        public static Paging of(Request request) {
            return new Paging(
                    request.query("limit", Text.wholeNumber(1, LARGEST_LIMIT)),
                    request.query("cursor", Text.upTo(LONGEST_CURSOR)),
                    request.query("atLeast", Text.wholeNumber(0, HIGHEST_POSITION)));
        }

        public int size() {
            return Math.toIntExact(limit.or((long) USUAL_LIMIT));
        }
    }

    /** A list of one organization; of one that is not known there is none. */
    public <T> ListAnswer<T> ofOrganization(Request request, QueryOfOrganization<T> query) {
        var organizationId = Fields.organizationId(request);
        Paging paging = Paging.of(request);
        OrganizationId id = request.complete(organizationId::value);
        if (ledger.standing(id, request.receivedAt()).isEmpty()) {
            throw ProblemException.organizationNotFound(id);
        }
        return page(request, paging, (cursor, limit) -> query.page(id, cursor, limit));
    }

    /** A list, once it contains what the caller has to see in it. */
    public <T> ListAnswer<T> page(Request request, Paging paging, Query<T> query) {
        Long atLeast = request.complete(paging.atLeast()::orNull);
        if (atLeast != null) {
            requireWritten(atLeast);
            await(atLeast);
        }
        // Asked before the rows, so that these are at least as new as it says.
        ReadModelsStatus status = readModels.status();
        Page<T> page = query.page(paging.cursor().orNull(), paging.size());
        return new ListAnswer<>(page.items(), page.next(), status.position(), status.lag());
    }

    /** Waits until the read models contain the ledger up to {@code position}, which is reached before long. */
    public void await(long position) {
        try {
            if (!readModels.awaitPosition(position, longestWait)) {
                throw behind(position);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw behind(position);
        }
    }

    private void requireWritten(long position) {
        long head = ledger.head();
        if (position > head) {
            throw new InvalidRequestException(
                    new Fault(Part.QUERY, "/atLeast", "must be a position of this ledger, which ends at " + head));
        }
    }

    private ProblemException behind(long position) {
        long reached = readModels.status().position();
        return new ProblemException(new Problem(
                ProblemType.PROJECTION_BEHIND,
                "The lists contain the ledger up to position %d, and this needs %d.".formatted(reached, position),
                Map.of("atLeast", position, "asOfPosition", reached)));
    }
}
