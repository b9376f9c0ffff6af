package dev.usageledger.engine;

import dev.usageledger.organization.Charge;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.TranscriptionRecorded;
import dev.usageledger.organization.TranscriptionId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs to write and to read an event. In this package because the codec is the engine's own business. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EventCodecBenchmark {
    private static final Instant AT = Instant.parse("2026-02-01T10:00:00.123456Z");

    private final OrganizationEvent event = recording("t1");
    private final EventCodec.Kind kind = EventCodec.kindOf(event);
    private final String payload = EventCodec.payload(event);

    @Benchmark
    public String write() {
        return EventCodec.payload(event);
    }

    @Benchmark
    public OrganizationEvent read() {
        return EventCodec.event(kind.name(), kind.revision(), AT, payload);
    }

    static OrganizationEvent recording(String transcription) {
        return new TranscriptionRecorded(
                AT,
                new TranscriptionId(transcription),
                Minutes.of(3),
                null,
                AT,
                false,
                null,
                null,
                TranscriptionRecorded.Counted.CURRENT_PERIOD,
                0,
                new Charge(Minutes.of(3), List.of(), Minutes.of(0)));
    }
}
