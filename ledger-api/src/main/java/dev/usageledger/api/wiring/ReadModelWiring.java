package dev.usageledger.api.wiring;

import dev.usageledger.engine.Ledger;
import dev.usageledger.projections.members.MemberQuery;
import dev.usageledger.projections.packs.OveragePackQuery;
import dev.usageledger.projections.periods.BillingPeriodQuery;
import dev.usageledger.projections.processing.ReadModels;
import dev.usageledger.projections.rebuild.DriftCheck;
import dev.usageledger.projections.rebuild.DriftWatch;
import dev.usageledger.projections.reservations.ReservationQuery;
import dev.usageledger.projections.transcriptions.TranscriptionQuery;
import dev.usageledger.projections.usage.OrganizationUsageQuery;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ReadModelWiring {
    @Bean(initMethod = "start", destroyMethod = "close")
    ReadModels readModels(Ledger ledger, PolicySettings policy) {
        return new ReadModels(ledger, policy.policy());
    }

    @Bean
    MeterBinder readModelMeters(ReadModels readModels) {
        return meters -> Gauge.builder("ledger.projection.lag", readModels, ReadModelWiring::lag)
                .description("Positions that the read models are behind the ledger")
                .register(meters);
    }

    @Bean
    DriftCheck driftCheck(DataSource database, PolicySettings policy) {
        return new DriftCheck(database, policy.policy());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    DriftWatch driftWatch(
            DataSource database,
            DriftCheck check,
            ReadModels readModels,
            @Value("${ledger.drift.interval:10s}") Duration interval,
            @Value("${ledger.drift.sample:5}") int sample) {
        return new DriftWatch(database, check, interval, sample, InstantSource.system());
    }

    @Bean
    MeterBinder driftMeters(DriftWatch watch) {
        return meters -> {
            Gauge.builder("ledger.drift.organizations", watch, DriftWatch::driftedOrganizations)
                    .description("Organizations whose read models or snapshot are not what their events make of them")
                    .register(meters);
            TimeGauge.builder("ledger.drift.last.run", watch, TimeUnit.SECONDS, ReadModelWiring::lastRun)
                    .description("When some organizations were last looked at, in seconds since 1970")
                    .register(meters);
        };
    }

    @Bean
    OrganizationUsageQuery organizationUsageQuery(DataSource database) {
        return new OrganizationUsageQuery(database);
    }

    @Bean
    TranscriptionQuery transcriptionQuery(DataSource database) {
        return new TranscriptionQuery(database);
    }

    @Bean
    BillingPeriodQuery billingPeriodQuery(DataSource database) {
        return new BillingPeriodQuery(database);
    }

    @Bean
    OveragePackQuery overagePackQuery(DataSource database) {
        return new OveragePackQuery(database);
    }

    @Bean
    ReservationQuery reservationQuery(DataSource database) {
        return new ReservationQuery(database);
    }

    @Bean
    MemberQuery memberQuery(DataSource database) {
        return new MemberQuery(database);
    }

    private static double lastRun(DriftWatch watch) {
        return watch.lastRun().map(Instant::getEpochSecond).orElse(0L);
    }

    // A gauge that cannot be read is no reason to fail a scrape.
    private static double lag(ReadModels readModels) {
        try {
            return readModels.status().lag();
        } catch (RuntimeException e) {
            return Double.NaN;
        }
    }
}
