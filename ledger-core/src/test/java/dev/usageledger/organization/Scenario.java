package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.Decision.Accepted;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A story about one organization, told in words of the domain: {@code given(opened(including(100)), reserved("r1",
 * 70)).when(reserve("r2", 40)).then(rejected(…))}. What is given goes through the rules like everything else, so no
 * story starts from a history that could not have been. It starts on Feb 1, and time stands still between {@code on}s.
 */
final class Scenario {
    static final OrganizationId ACME = new OrganizationId("acme");

    private final Journal journal;
    private Instant now = Times.at("Feb 1");
    private @Nullable Outcome outcome;

    private Scenario(LedgerPolicy policy) {
        this.journal = new Journal(policy);
    }

    /** One thing that happens in a story. */
    interface Step {
        void takenIn(Scenario scenario);
    }

    /** A command that lacks only the moment at which it is received. */
    interface Ask extends Step {
        OrganizationCommand receivedAt(Instant at);

        @Override
        default void takenIn(Scenario scenario) {
            scenario.ask(receivedAt(scenario.now));
        }
    }

    /** What {@code then} looks for. */
    interface Expectation {
        void isMetBy(Outcome outcome);
    }

    /**
     * What a command came to.
     *
     * @param history all that had happened before it
     * @param before the organization before it
     * @param balance as it stands then, with all that is due
     */
    record Outcome(
            OrganizationCommand command,
            List<OrganizationEvent> history,
            Organization before,
            Decision decision,
            Organization after,
            @Nullable Balance balance) {}

    static Scenario given(Step... steps) {
        return given(LedgerPolicy.STANDARD, steps);
    }

    static Scenario given(LedgerPolicy policy, Step... steps) {
        return new Scenario(policy).and(steps);
    }

    /** Steps at a moment; an earlier one than before means that the clock has jumped back. */
    static Step on(String moment, Step... steps) {
        return scenario -> {
            scenario.now = Times.at(moment);
            for (Step step : steps) {
                step.takenIn(scenario);
            }
        };
    }

    /** Events as they stand in the ledger, for histories that would take too many commands to get to. */
    static Step happened(OrganizationEvent... events) {
        return scenario -> List.of(events).forEach(scenario.journal::append);
    }

    /** More that is given: each step has to be accepted. */
    Scenario and(Step... steps) {
        for (Step step : steps) {
            outcome = null;
            step.takenIn(this);
            if (outcome != null) {
                assertThat(outcome.decision()).as("given %s", outcome.command()).isInstanceOf(Accepted.class);
            }
        }
        return this;
    }

    Scenario when(Step step) {
        outcome = null;
        step.takenIn(this);
        return this;
    }

    Scenario then(Expectation... expectations) {
        assertThat(outcome)
                .as("there has to be a command before what came of it")
                .isNotNull();
        for (Expectation expectation : expectations) {
            expectation.isMetBy(outcome);
        }
        return this;
    }

    private void ask(OrganizationCommand command) {
        List<OrganizationEvent> history = List.copyOf(journal.events());
        Organization before = journal.organization();
        Decision decision = journal.send(command);
        assertThat(Journal.replay(journal.events()))
                .as("a replay gives the live organization")
                .isEqualTo(journal.organization());
        Balance balance = journal.isOpen() ? journal.balanceAt(now) : null;
        outcome = new Outcome(command, history, before, decision, journal.organization(), balance);
    }
}
