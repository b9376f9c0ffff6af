package dev.usageledger.api.wiring;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;

@Configuration(proxyBeanMethods = false)
class DatabaseWiring {
    @Bean
    @ConfigurationProperties("spring.datasource.hikari")
    DatabasePool dataSource(DataSourceProperties settings) {
        return settings.initializeDataSourceBuilder().type(DatabasePool.class).build();
    }

    /** Told before the first part of the service is stopped. */
    @Bean
    ApplicationListener<ContextClosedEvent> databaseStop(
            DatabasePool database, @Value("${spring.lifecycle.timeout-per-shutdown-phase}") Duration time) {
        return closed -> database.stopWithin(time);
    }
}
