package dev.usageledger.api.http.transcriptions;

import dev.usageledger.api.http.Lists;
import dev.usageledger.api.http.problem.Problem;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.problem.ProblemType;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.members.MemberQuery;
import dev.usageledger.projections.transcriptions.TranscriptionQuery;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Finds who pays for a person's transcription, so that none is ever billed to nobody, to a guess, or twice. */
@Component
class Payers {
    private static final int MOST_CANDIDATES = 100;

    private final Ledger ledger;
    private final Lists lists;
    private final MemberQuery members;
    private final TranscriptionQuery transcriptions;

    Payers(Ledger ledger, Lists lists, MemberQuery members, TranscriptionQuery transcriptions) {
        this.ledger = ledger;
        this.lists = lists;
        this.members = members;
        this.transcriptions = transcriptions;
    }

    /**
     * The organization that was charged for this transcription before, or else the one that the user is a member of, as
     * of all that was in the ledger when this was asked.
     *
     * @throws ProblemException when the user is a member of none or of several
     */
    OrganizationId of(UserId userId, TranscriptionId transcriptionId) {
        lists.await(ledger.head());
        return transcriptions.chargedFor(userId, transcriptionId).orElseGet(() -> onlyOneOf(userId));
    }

    private OrganizationId onlyOneOf(UserId userId) {
        List<OrganizationId> candidates = members.organizationsOf(userId, MOST_CANDIDATES);
        return switch (candidates.size()) {
            case 0 ->
                throw problem(
                        ProblemType.USER_WITHOUT_ORGANIZATION,
                        "User %s is a member of no organization.".formatted(userId),
                        userId,
                        candidates);
            case 1 -> candidates.getFirst();
            default ->
                throw problem(
                        ProblemType.AMBIGUOUS_ORGANIZATION,
                        "User %s is a member of several organizations; name one of them.".formatted(userId),
                        userId,
                        candidates);
        };
    }

    private static ProblemException problem(
            ProblemType type, String detail, UserId userId, List<OrganizationId> candidates) {
        return new ProblemException(new Problem(type, detail, Map.of("userId", userId, "candidates", candidates)));
    }
}
