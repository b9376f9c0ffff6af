package dev.usageledger.api.http.transcriptions;

import dev.usageledger.api.http.Lists;
import dev.usageledger.api.http.Refusals;
import dev.usageledger.api.http.problem.Problem;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.problem.ProblemType;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.rejections.CommandName;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.members.MemberQuery;
import dev.usageledger.projections.transcriptions.TranscriptionQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds who pays for a person's transcription, so that none is ever billed to nobody, to a guess, or twice. */
@Component
class Payers {
    private static final int MOST_CANDIDATES = 100;

    private final Ledger ledger;
    private final Lists lists;
    private final MemberQuery members;
    private final TranscriptionQuery transcriptions;
    private final Refusals refusals;

    Payers(Ledger ledger, Lists lists, MemberQuery members, TranscriptionQuery transcriptions, Refusals refusals) {
        this.ledger = ledger;
        this.lists = lists;
        this.members = members;
        this.transcriptions = transcriptions;
        this.refusals = refusals;
    }

    /**
     * The organization that was charged for this transcription before, or else the one that the user is a member of, as
     * of all that was in the ledger when this was asked.
     *
     * @throws ProblemException when the user is a member of none or of several
     */
    OrganizationId of(UserId userId, TranscriptionId transcriptionId, Request request) {
        lists.await(ledger.head());
        Optional<OrganizationId> charged = transcriptions.chargedFor(userId, transcriptionId);
        if (charged.isPresent()) {
            return charged.get();
        }
        List<OrganizationId> candidates = members.organizationsOf(userId, MOST_CANDIDATES);
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        throw new ProblemException(refusals.withoutOrganization(
                new CommandName("record-transcription", transcriptionId.value(), userId),
                problem(userId, candidates),
                request.receivedAt(),
                request.origin()));
    }

    private static Problem problem(UserId userId, List<OrganizationId> candidates) {
        boolean none = candidates.isEmpty();
        return new Problem(
                none ? ProblemType.USER_WITHOUT_ORGANIZATION : ProblemType.AMBIGUOUS_ORGANIZATION,
                (none
                                ? "User %s is a member of no organization."
                                : "User %s is a member of several organizations; name one of them.")
                        .formatted(userId),
                Map.of("userId", userId, "candidates", candidates));
    }
}
