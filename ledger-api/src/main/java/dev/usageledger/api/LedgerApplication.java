package dev.usageledger.api;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service: HTTP in front, one PostgreSQL behind. */
@SpringBootApplication
public class LedgerApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(LedgerApplication.class, arguments);
    }
}
