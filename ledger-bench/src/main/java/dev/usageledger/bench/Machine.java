package dev.usageledger.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What was measured on.
 *
 * @param database the server and the settings that make it durable
 * @param load how many processes wanted a core during the minute before the start; negative where the system does not tell
 */
record Machine(String at, int cores, long gibibytes, String system, String java, String database, double load) {
    private static final double QUIET = 1.5;

    static Machine of(Database database) throws Exception {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                system.getAvailableProcessors(),
                Math.round(system.getTotalMemorySize() / (double) (1 << 30)),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                "JDK " + Runtime.version().feature(),
                database.text("""
                        SELECT format('PostgreSQL %s, fsync %s, synchronous_commit %s',
                                      current_setting('server_version'), current_setting('fsync'),
                                      current_setting('synchronous_commit'))
                        """),
                system.getSystemLoadAverage());
    }

    boolean isQuiet() {
        return load < QUIET;
    }

    @Override
    public String toString() {
        return "%d cores, %d GiB, %s, %s, %s, load %.1f before the start%s"
                .formatted(
                        cores,
                        gibibytes,
                        system,
                        java,
                        database,
                        load,
                        isQuiet() ? "" : " (busy: these numbers are worth little)");
    }
}
