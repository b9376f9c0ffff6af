package dev.usageledger.engine;

import dev.usageledger.engine.HashChain.LinkedEvent;
import dev.usageledger.organization.OrganizationId;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * All that the hash chain costs an event on its way into the store, but for the 32 bytes that are stored more: digesting
 * it, linking it to the one before, remembering the link. In batches of 1,000 over 10,000 organizations by turns.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HashChainBenchmark {
    private static final int BATCH = 1_000;
    private static final int ORGANIZATIONS = 10_000;

    /** All links are remembered. */
    private static final Connection NO_DATABASE = (Connection) Proxy.newProxyInstance(
            HashChainBenchmark.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
                throw new IllegalStateException("a link was asked for");
            });

    private final HashChain chain = new HashChain(100_000);
    private final List<NewEvent> first = IntStream.range(0, ORGANIZATIONS)
            .mapToObj(i -> NewEvent.of(
                    new OrganizationId("organization-" + i),
                    0,
                    EventCodecBenchmark.recording("transcription-of-some-length-" + i),
                    new Origin("key:benchmark", "8a7f6b1e-5c0d-4b7e-9a52-0c3e5d1f2a4b", null).metadata()))
            .toList();
    private long batches;

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<LinkedEvent> link() throws SQLException {
        int from = (int) (batches * BATCH % ORGANIZATIONS);
        long sequence = batches * BATCH / ORGANIZATIONS;
        batches++;
        List<NewEvent> events = new ArrayList<>(BATCH);
        for (NewEvent event : first.subList(from, from + BATCH)) {
            EventRow row = at(sequence, event.row());
            events.add(new NewEvent(
                    event.organizationId(), sequence, event.event(), event.metadata(), row, row.content()));
        }
        List<LinkedEvent> linked = chain.link(NO_DATABASE, events);
        chain.remember(linked);
        return linked;
    }

    private static EventRow at(long sequence, EventRow row) {
        return new EventRow(
                row.organizationId(),
                sequence,
                row.eventId(),
                row.type(),
                row.revision(),
                row.recordedAt(),
                row.payload(),
                row.metadata());
    }
}
