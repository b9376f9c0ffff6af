package dev.usageledger.api.clock;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.LedgerSettings;
import dev.usageledger.engine.Ledger;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Chooses the clock. A ledger's history is of one time, the world's or a test's, and must never get the other. */
@Configuration(proxyBeanMethods = false)
class ClockConfiguration {
    @Bean
    InstantSource ledgerClock(LedgerSettings settings, JdbcClient database, Ledger ledger) {
        Instant start = settings.testClock();
        boolean hadTestClock = TestClock.lastKept(database).isPresent();
        if (start == null && hadTestClock) {
            throw new CannotStartException("This ledger runs on a test clock. Start it with --test-clock,"
                    + " or use another data directory or database.");
        }
        if (start != null && !hadTestClock && ledger.head() > 0) {
            throw new CannotStartException("This ledger has a history in real time, which a test clock would spoil."
                    + " Use another data directory or database with --test-clock.");
        }
        return start == null ? ClockConfiguration::now : TestClock.startingAt(start, database);
    }

    // To the microsecond, which is what PostgreSQL keeps.
    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
