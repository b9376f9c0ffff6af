package dev.usageledger.api.wiring;

import dev.usageledger.engine.LedgerUnavailableException;
import dev.usageledger.projections.processing.ReadModels;
import dev.usageledger.projections.processing.ReadModelsStatus;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Whether lists are kept up to date. Commands and usage do not need them; still a node whose lists stand still or are
 * far behind, as after a change of their definition, is not one to send people to.
 */
@Component("readModelsHealthIndicator")
final class ReadModelsHealth extends AbstractHealthIndicator {
    private final ReadModels readModels;
    private final long mostLag;

    ReadModelsHealth(ReadModels readModels, @Value("${ledger.readiness.most-lag:100000}") long mostLag) {
        super("the read models' state cannot be read");
        this.readModels = readModels;
        this.mostLag = mostLag;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        ReadModelsStatus status;
        try {
            status = readModels.status();
        } catch (LedgerUnavailableException e) {
            health.down().withDetail("error", String.valueOf(e.getMessage()));
            return;
        }
        health.status(status.isLive() && status.lag() <= mostLag ? "UP" : "OUT_OF_SERVICE")
                .withDetail("position", status.position())
                .withDetail("lag", status.lag());
    }
}
