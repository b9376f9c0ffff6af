package dev.usageledger.api.http;

import dev.usageledger.api.http.answer.CommandAnswer;
import dev.usageledger.api.http.problem.Problem;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.rejections.CommandName;
import dev.usageledger.engine.Answer;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.OrganizationCommand;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Sends what a request asks for to the ledger, and measures it. */
@Component
public class Commands {
    private final Ledger ledger;
    private final Refusals refusals;
    private final MeterRegistry meters;

    Commands(Ledger ledger, Refusals refusals, MeterRegistry meters) {
        this.ledger = ledger;
        this.refusals = refusals;
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
            switch (ledger.send(complete, request.origin()).join()) {
                case Answer.Done done -> {
                    outcome = done.replayed() ? "replayed" : "accepted";
                    return CommandAnswer.of(done);
                }
                case Answer.Refused refused -> {
                    Problem problem = refusals.of(complete, refused.rejection(), request.origin());
                    outcome = problem.type().code();
                    throw new ProblemException(problem);
                }
            }
        } finally {
            sample.stop(meters.timer(
                    "ledger.commands", "type", CommandName.of(complete).kind(), "outcome", outcome));
        }
    }
}
