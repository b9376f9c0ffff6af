package dev.usageledger.api;

import dev.usageledger.api.cli.LedgerCommand;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.webmvc.autoconfigure.WebMvcObservationAutoConfiguration;

/** The service: HTTP in front, one PostgreSQL behind. */
// Requests are measured in the filter that all of them pass: that is much cheaper than Spring's observations.
@SpringBootApplication(exclude = WebMvcObservationAutoConfiguration.class)
@ConfigurationPropertiesScan
public class LedgerApplication {
    static {
        // Read by Axon when its classes load: it is to tell nobody that it runs here, and to print no advertisement.
        System.setProperty("axoniq.update-checker.disabled", "true");
        System.setProperty("disable-axoniq-console-message", "true");
        leaveCoresToTheLanes();
    }

    /**
     * Requests are served by virtual threads on half of the cores, unless told otherwise. On all of them they would keep
     * the lanes and PostgreSQL waiting, and with those every request.
     */
    private static void leaveCoresToTheLanes() {
        int cores = Runtime.getRuntime().availableProcessors();
        System.getProperties()
                .putIfAbsent("jdk.virtualThreadScheduler.parallelism", Integer.toString(Math.max(1, cores / 2)));
    }

    public static void main(String[] arguments) {
        int exitCode = LedgerCommand.execute(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }
}
