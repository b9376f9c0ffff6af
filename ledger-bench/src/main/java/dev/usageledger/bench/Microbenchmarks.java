package dev.usageledger.bench;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The pure parts by themselves, measured by JMH in a JVM of its own. */
final class Microbenchmarks {
    private Microbenchmarks() {}

    static void run(boolean quick) throws RunnerException {
        TimeValue each = TimeValue.milliseconds(quick ? 50 : 1_000);
        new Runner(new OptionsBuilder()
                        .include("dev\\.usageledger\\..*Benchmark\\.")
                        .forks(1)
                        .warmupIterations(quick ? 1 : 3)
                        .warmupTime(each)
                        .measurementIterations(quick ? 1 : 5)
                        .measurementTime(each)
                        .build())
                .run();
    }
}
