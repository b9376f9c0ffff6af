package dev.usageledger.api.wiring;

import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.LedgerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LedgerWiring {
    @Bean(destroyMethod = "close")
    @DependsOnDatabaseInitialization
    Ledger ledger(DataSource database, PolicySettings policy, MeterRegistry meters) {
        return new Ledger(database, policy.policy(), LedgerSettings.STANDARD, new MeteredLanes(meters));
    }
}
