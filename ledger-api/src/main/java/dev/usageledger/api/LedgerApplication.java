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
    }

    public static void main(String[] arguments) {
        int exitCode = LedgerCommand.execute(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }
}
