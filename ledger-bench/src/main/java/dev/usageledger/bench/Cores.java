package dev.usageledger.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many processor cores were busy, by process.
 *
 * @param benchmark what makes the load; what runs in process is in it
 * @param service the service; 0 where it does not run
 * @param postgres all processes of the database server
 */
record Cores(double benchmark, double service, double postgres) {
    /** Looks at the clocks of processes now and when asked again. */
    static final class Meter {
        private final Database database;
        private final @Nullable Service service;
        private final Map<Long, Duration> before;
        private final long start = System.nanoTime();

        Meter(Database database, @Nullable Service service) throws Exception {
            this.database = database;
            this.service = service;
            this.before = times(database.processes());
            own().forEach(process -> before.put(process.pid(), time(process)));
        }

        private List<ProcessHandle> own() {
            ProcessHandle self = ProcessHandle.current();
            return service == null ? List.of(self) : List.of(self, service.handle());
        }

        Cores read() throws Exception {
            return readWith(Duration.ZERO);
        }

        /** @param load what another process has used to make the load */
        Cores readWith(Duration load) throws Exception {
            double nanos = System.nanoTime() - start;
            double inBenchmark = since(List.of(ProcessHandle.current())) + load.toNanos();
            double inService = service == null ? 0 : since(List.of(service.handle()));
            double inPostgres = since(database.processes());
            return new Cores(inBenchmark / nanos, inService / nanos, inPostgres / nanos);
        }

        private double since(List<ProcessHandle> processes) {
            return processes.stream()
                    .mapToDouble(process -> time(process)
                            .minus(before.getOrDefault(process.pid(), Duration.ZERO))
                            .toNanos())
                    .sum();
        }

        private static Map<Long, Duration> times(List<ProcessHandle> processes) {
            Map<Long, Duration> times = new HashMap<>();
            processes.forEach(process -> times.put(process.pid(), time(process)));
            return times;
        }

        private static Duration time(ProcessHandle process) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }
    }
}
