package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.Books.Statement;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.OrganizationCommand.CorrectTranscription;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription;
import dev.usageledger.organization.OrganizationCommand.RollBillingPeriod;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.OverageRefunded;
import dev.usageledger.organization.OrganizationEvent.PlanChanged;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A history in which a transcription was corrected, beside the one in which it was right from the start. Used and
 * remaining minutes come to the same, unless something else happened that cannot be as if, see {@link Verdict}. What is
 * excepted is told by its cause and never by a difference, which might be an error.
 */
final class AsIf {
    private final List<OrganizationCommand> commands;
    private final @Nullable CorrectTranscription last;
    private final Side real = new Side();
    private final Side asIf = new Side();
    private boolean corrected;
    private long earliestPeriod = Long.MAX_VALUE;

    /** What the comparison came to. */
    enum Verdict {
        SAME,
        NOTHING_CORRECTED,
        /** A command was accepted in one history and not in the other, so they are about different things. */
        DECIDED_OTHERWISE,
        /** All that was unspent was refunded, and that was not the same number. */
        REFUNDED_OTHERWISE,
        /** Within a period the plan became one that includes less than was spent: what is spent stays spent. */
        PLAN_BELOW_SPENT,
        /** Within a period that is now closed, the plan became bigger after packs had paid: packs are not paid back. */
        PLAN_ABOVE_PACKS,
        /**
         * A closed statement was left with uncovered minutes: they stay there, so minutes that were bought, given back
         * or included since are there to spend, which would have paid them if all had been known in time.
         */
        CLOSED_UNCOVERED
    }

    /** Compares the history with the one that is right, for one of the transcriptions that it corrects. */
    AsIf(List<OrganizationCommand> commands, SplittableRandom random) {
        this.commands = commands;
        this.last = lastCorrectionOfAny(commands, random);
    }

    /** Used and remaining at the moment of the correction. */
    Verdict compareAtOnce() {
        return compare(false);
    }

    /** Used and remaining from then on, after each command that follows. */
    Verdict compareEverAfter() {
        return compare(true);
    }

    private Verdict compare(boolean everAfter) {
        if (last == null) {
            return Verdict.NOTHING_CORRECTED;
        }
        for (OrganizationCommand command : commands) {
            Verdict otherwise = step(command);
            if (otherwise != null) {
                return otherwise;
            }
            if (corrected) {
                assertSame(command.receivedAt());
            }
            if (corrected && !everAfter) {
                return Verdict.SAME;
            }
        }
        return Verdict.SAME;
    }

    private @Nullable Verdict step(OrganizationCommand command) {
        real.rollAt(command.receivedAt());
        asIf.rollAt(command.receivedAt());
        if (command instanceof CorrectTranscription correction
                && correction.transcriptionId().equals(last.transcriptionId())) {
            real.send(correction);
            corrected |= correction.equals(last);
        } else {
            Verdict otherwise = otherwise(real.send(command), asIf.send(rightFromTheStart(command)));
            if (otherwise != null) {
                return otherwise;
            }
        }
        Verdict disorder = real.disorderSince(earliestPeriod);
        return disorder == null ? asIf.disorderSince(earliestPeriod) : disorder;
    }

    private OrganizationCommand rightFromTheStart(OrganizationCommand command) {
        if (!(command instanceof RecordTranscription recording
                && recording.transcriptionId().equals(last.transcriptionId()))) {
            return command;
        }
        earliestPeriod = Math.min(earliestPeriod, real.books.current() - 1);
        return Resent.costing(last.minutes(), recording.receivedAt(), recording);
    }

    private static @Nullable Verdict otherwise(Decision real, Decision asIf) {
        if (real.getClass() != asIf.getClass()) {
            return Verdict.DECIDED_OTHERWISE;
        }
        boolean otherRefund = real instanceof Accepted one
                && one.entry() instanceof OverageRefunded refund
                && asIf instanceof Accepted other
                && !refund.equals(other.entry());
        return otherRefund ? Verdict.REFUNDED_OTHERWISE : null;
    }

    private void assertSame(Instant at) {
        Balance is = real.journal.balanceAt(at);
        Balance wouldBe = asIf.journal.balanceAt(at);
        assertThat(is.used()).isEqualTo(wouldBe.used());
        assertThat(is.remaining()).isEqualTo(wouldBe.remaining());
    }

    private static @Nullable CorrectTranscription lastCorrectionOfAny(
            List<OrganizationCommand> commands, SplittableRandom random) {
        Journal journal = new Journal();
        List<CorrectTranscription> accepted = new ArrayList<>();
        for (OrganizationCommand command : commands) {
            if (journal.send(command) instanceof Accepted && command instanceof CorrectTranscription correction) {
                accepted.add(correction);
            }
        }
        if (accepted.isEmpty()) {
            return null;
        }
        TranscriptionId any = accepted.get(random.nextInt(accepted.size())).transcriptionId();
        return accepted.reversed().stream()
                .filter(correction -> correction.transcriptionId().equals(any))
                .findFirst()
                .orElseThrow();
    }

    /** One of the two histories. */
    private static final class Side {
        private final Journal journal = new Journal();
        private final Books books = new Books();
        private final List<Disorder> disorders = new ArrayList<>();

        private record Disorder(long period, Verdict cause) {}

        Decision send(OrganizationCommand command) {
            Decision decision = journal.send(command);
            if (decision instanceof Accepted accepted) {
                accepted.events().forEach(this::enter);
            }
            return decision;
        }

        /** Lets be due what is due, so that both books are closed at the same instants. */
        void rollAt(Instant at) {
            send(new RollBillingPeriod(Scenario.ACME, at));
        }

        @Nullable
        Verdict disorderSince(long period) {
            return disorders.stream()
                    .filter(disorder -> disorder.period() >= period)
                    .filter(disorder ->
                            disorder.cause() != Verdict.PLAN_ABOVE_PACKS || disorder.period() < books.current())
                    .map(Disorder::cause)
                    .findFirst()
                    .orElse(null);
        }

        private void enter(OrganizationEvent event) {
            books.enter(event);
            switch (event) {
                case PlanChanged e -> noteOrder(books.statement());
                case BillingPeriodRolled e ->
                    noteUncovered(e.closed().index(), books.statement(e.closed().index()).uncovered);
                case TranscriptionRecorded e ->
                    noteUncovered(e.period(), e.charge().uncovered().value());
                case TranscriptionCorrected e ->
                    noteUncovered(e.period(), e.charged().uncovered().value());
                default -> {}
            }
        }

        private void noteOrder(Statement statement) {
            if (statement.base > statement.included()) {
                disorders.add(new Disorder(books.current(), Verdict.PLAN_BELOW_SPENT));
            }
            if (statement.base < statement.included() && statement.overage > 0) {
                disorders.add(new Disorder(books.current(), Verdict.PLAN_ABOVE_PACKS));
            }
        }

        private void noteUncovered(long period, long uncovered) {
            if (period < books.current() && uncovered > 0) {
                disorders.add(new Disorder(period, Verdict.CLOSED_UNCOVERED));
            }
        }
    }
}
