package dev.usageledger.api.wiring;

import dev.usageledger.engine.LaneMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** What the ledger's lanes do, as meters. */
final class MeteredLanes implements LaneMetrics {
    private final MeterRegistry meters;
    private final Timer commits;
    private final DistributionSummary batches;
    private final Counter repeats;

    MeteredLanes(MeterRegistry meters) {
        this.meters = meters;
        this.commits = Timer.builder("ledger.lane.commits")
                .description(
                        "Batches of commands, from where their commit began, with the look before it if there was one")
                .register(meters);
        this.batches = DistributionSummary.builder("ledger.lane.batch")
                .description("Commands that shared a commit")
                .register(meters);
        this.repeats = Counter.builder("ledger.lane.repeats")
                .description("Batches that did not commit and were run again")
                .register(meters);
    }

    @Override
    public void observeQueue(IntSupplier waiting) {
        Gauge.builder("ledger.lane.waiting", waiting, IntSupplier::getAsInt)
                .description("Commands that wait for their turn")
                .strongReference(true)
                .register(meters);
    }

    @Override
    public void committed(int commands, long nanos) {
        commits.record(nanos, TimeUnit.NANOSECONDS);
        batches.record(commands);
    }

    @Override
    public void repeated() {
        repeats.increment();
    }
}
