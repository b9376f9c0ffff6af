package dev.usageledger.bench;

import dev.usageledger.engine.Answer;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.TranscriptionId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The work that is measured, as commands of the ledger: 3 minutes of usage under an identifier never used before. */
final class Commands {
    static final int MINUTES = 3;

    private static final Origin ORIGIN = new Origin("bench", "bench", null);
    private static final Plan PLAN = new Plan("bench", Minutes.of(1_000_000_000), Plan.Limit.HARD);
    private static final int MOST_IN_FLIGHT = 2_000;

    private Commands() {}

    static OrganizationCommand open(String organization) {
        return new OpenOrganization(
                new OrganizationId(organization),
                now(),
                organization,
                PLAN,
                ZoneOffset.UTC,
                LocalDateTime.of(2026, 1, 1, 0, 0));
    }

    static OrganizationCommand record(String organization, String transcription) {
        return new RecordTranscription(
                new OrganizationId(organization),
                now(),
                new TranscriptionId(transcription),
                Minutes.of(MINUTES),
                null,
                null,
                null,
                null,
                OnInsufficient.RECORD);
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    static void send(Ledger ledger, OrganizationCommand command) {
        requireRecorded(ledger.send(command, ORIGIN).join());
    }

    /** Sends the commands numbered from 0, many at a time, and waits for all of them. */
    static void sendAll(Ledger ledger, long count, LongFunction<OrganizationCommand> commands)
            throws InterruptedException {
        Semaphore room = new Semaphore(MOST_IN_FLIGHT);
        AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
        for (long number = 0; number < count && fault.get() == null; number++) {
            room.acquire();
            CompletableFuture<Answer> answer = ledger.send(commands.apply(number), ORIGIN);
            answer.thenAccept(Commands::requireRecorded).whenComplete((done, failure) -> {
                if (failure != null) {
                    fault.set(failure);
                }
                room.release();
            });
        }
        room.acquire(MOST_IN_FLIGHT);
        Throwable failure = fault.get();
        if (failure != null) {
            throw new BenchmarkFailedException("the ledger could not be filled: " + failure, failure);
        }
    }

    private static void requireRecorded(Answer answer) {
        if (!(answer instanceof Answer.Done done) || done.replayed()) {
            throw new BenchmarkFailedException("not recorded: " + answer);
        }
    }
}
