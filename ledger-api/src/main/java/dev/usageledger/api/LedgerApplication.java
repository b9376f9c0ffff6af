package dev.usageledger.api;

import dev.usageledger.api.cli.LedgerCommand;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The service: HTTP in front, one PostgreSQL behind. */
@SpringBootApplication
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
