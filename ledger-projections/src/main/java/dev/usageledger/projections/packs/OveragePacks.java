package dev.usageledger.projections.packs;

import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.OveragePack;
import dev.usageledger.organization.PackCharge;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.projections.ReadModel;
import dev.usageledger.projections.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps {@code overage_packs}. The organization forgets a pack that is used up; its row stays. */
public final class OveragePacks implements ReadModel {
    private final OveragePackTable table;

    public OveragePacks(String schema) {
        this.table = new OveragePackTable(schema);
    }

    @Override
    public String table() {
        return OveragePackTable.NAME;
    }

    @Override
    public void apply(List<Step> steps, Connection connection) throws SQLException {
        Map<Key, OveragePackRow> bought = new LinkedHashMap<>();
        Map<Key, Changed> changed = new LinkedHashMap<>();
        for (Step step : steps) {
            if (step.event() instanceof OveragePurchased e) {
                bought.put(key(step, e.purchaseId()), OveragePackRow.bought(step, e));
            }
            for (PurchaseId id : packsIn(step.event())) {
                OveragePack pack = step.after().overage().pack(id).orElseThrow();
                // A pack bought in this very batch is written once, as it stands at its end.
                if (bought.computeIfPresent(key(step, id), (any, row) -> row.with(pack, step.recordedAt())) == null) {
                    changed.put(key(step, id), new Changed(pack, step.recordedAt()));
                }
            }
        }
        table.insert(connection, bought.values());
        table.update(connection, changed);
    }

    private static Set<PurchaseId> packsIn(OrganizationEvent event) {
        return switch (event) {
            case OveragePurchased e -> Set.of(e.purchaseId());
            case OverageRefunded e -> Set.of(e.purchaseId());
            case OveragePackExpired e -> Set.of(e.purchaseId());
            case TranscriptionRecorded e -> packsIn(e.charge().fromOverage());
            case TranscriptionCorrected e ->
                packsIn(e.charged().fromOverage(), e.givenBack().fromOverage(), e.lapsed(), e.covered());
            case OrganizationOpened e -> Set.of();
            case PlanChanged e -> Set.of();
            case PlanChangeScheduled e -> Set.of();
            case MemberAdded e -> Set.of();
            case MemberRemoved e -> Set.of();
            case MinutesReserved e -> Set.of();
            case ReservationReleased e -> Set.of();
            case ReservationSettled e -> Set.of();
            case ReservationExpired e -> Set.of();
            case BillingPeriodRolled e -> Set.of();
            case ThresholdReached e -> Set.of();
        };
    }

    @SafeVarargs
    private static Set<PurchaseId> packsIn(List<PackCharge>... charges) {
        Set<PurchaseId> packs = new LinkedHashSet<>();
        for (List<PackCharge> some : charges) {
            some.forEach(charge -> packs.add(charge.purchaseId()));
        }
        return packs;
    }

    private static Key key(Step step, PurchaseId id) {
        return new Key(step.organizationId().value(), id.value());
    }

    record Key(String organizationId, String purchaseId) {}

    /** A pack as of the last step that changed it. */
    record Changed(OveragePack pack, Instant at) {}
}
