package dev.usageledger.api.http;

import dev.usageledger.api.http.answer.CommandAnswer;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.problem.RejectionProblem;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.engine.Answer;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.*;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Sends what a request asks for to the ledger, and measures it. */
@Component
public class Commands {
    private final Ledger ledger;
    private final MeterRegistry meters;

    Commands(Ledger ledger, MeterRegistry meters) {
        this.ledger = ledger;
        this.meters = meters;
    }

    /**
     * Completes the request and sends the command that it comes to. Waits for the commit.
     *
     * @throws ProblemException when the command is rejected
     */
    public CommandAnswer send(Request request, Supplier<? extends OrganizationCommand> command) {
        OrganizationCommand complete = request.complete(command);
        Timer.Sample sample = Timer.start(meters);
        String outcome = "failed";
        try {
            Answer answer = ledger.send(complete, request.origin()).join();
            outcome = outcome(answer);
            return switch (answer) {
                case Answer.Done done -> CommandAnswer.of(done);
                case Answer.Refused refused -> throw new ProblemException(RejectionProblem.of(refused.rejection()));
            };
        } finally {
            sample.stop(meters.timer("ledger.commands", "type", name(complete), "outcome", outcome));
        }
    }

    private static String outcome(Answer answer) {
        return switch (answer) {
            case Answer.Done done -> done.replayed() ? "replayed" : "accepted";
            case Answer.Refused refused ->
                RejectionProblem.of(refused.rejection()).type().code();
        };
    }

    private static String name(OrganizationCommand command) {
        return switch (command) {
            case OpenOrganization c -> "open-organization";
            case ChangePlan c -> "change-plan";
            case AddMember c -> "add-member";
            case RemoveMember c -> "remove-member";
            case ReserveMinutes c -> "reserve-minutes";
            case ReleaseReservation c -> "release-reservation";
            case RecordTranscription c -> "record-transcription";
            case CorrectTranscription c -> "correct-transcription";
            case PurchaseOverage c -> "purchase-overage";
            case RefundOverage c -> "refund-overage";
            case RollBillingPeriod c -> "roll-billing-period";
        };
    }
}
