package dev.usageledger.bench;

import dev.usageledger.organization.Decision;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.Past;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs to decide that 3 minutes are recorded, and to take the event into the organization's state. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DeciderBenchmark {
    private final OrganizationDecider decider = new OrganizationDecider(LedgerPolicy.STANDARD);
    private final Organization organization =
            accepted(Commands.open("acme"), Organization.NOT_OPENED).organization();
    private final OrganizationCommand command = Commands.record("acme", "t1");
    private final OrganizationEvent event =
            accepted(command, organization).events().getFirst();

    private Accepted accepted(OrganizationCommand asked, Organization state) {
        return (Accepted) decider.decide(asked, state, Past.NOTHING);
    }

    @Benchmark
    public Decision decide() {
        return decider.decide(command, organization, Past.NOTHING);
    }

    @Benchmark
    public Organization evolve() {
        return OrganizationDecider.evolve(organization, event);
    }
}
