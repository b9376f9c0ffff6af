package dev.usageledger.api.due;

import com.fasterxml.uuid.Generators;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.OrganizationCommand.RollBillingPeriod;
import dev.usageledger.projections.usage.DueOrganization;
import dev.usageledger.projections.usage.OrganizationUsageQuery;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Lets happen what has fallen due: expired holds and packs, ended periods. No balance waits for this, since every
 * decision and every answer takes what is due into account; it is for the records, and for whoever reads those.
 */
@Component
public class DueWork {
    private static final int AT_ONCE = 200;
    private static final Logger LOG = LoggerFactory.getLogger(DueWork.class);

    private final OrganizationUsageQuery organizations;
    private final Ledger ledger;

    DueWork(OrganizationUsageQuery organizations, Ledger ledger) {
        this.organizations = organizations;
        this.ledger = ledger;
    }

    /**
     * Sends every organization that has something due by {@code now} the command that lets it happen, and waits for all
     * of them. One that fails is left for the next time and keeps none of the others.
     *
     * @return how many organizations had something due, as far as the read models know
     */
    public int run(Instant now) {
        Origin origin = new Origin(
                "scheduler", Generators.timeBasedEpochGenerator().generate().toString(), null);
        int found = 0;
        DueOrganization last = null;
        List<DueOrganization> due;
        do {
            due = organizations.due(now, last, AT_ONCE);
            List<CompletableFuture<?>> sent = due.stream()
                    .<CompletableFuture<?>>map(one -> send(one, now, origin))
                    .toList();
            sent.forEach(CompletableFuture::join);
            found += due.size();
            last = due.isEmpty() ? last : due.getLast();
        } while (due.size() == AT_ONCE);
        return found;
    }

    private CompletableFuture<?> send(DueOrganization due, Instant now, Origin origin) {
        return ledger.send(new RollBillingPeriod(due.organizationId(), now), origin)
                .exceptionally(failure -> {
                    LOG.warn("What is due in {} has to wait: {}", due.organizationId(), failure.toString());
                    return null;
                });
    }
}
