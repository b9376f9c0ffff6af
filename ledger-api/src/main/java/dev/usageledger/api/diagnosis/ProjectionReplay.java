package dev.usageledger.api.diagnosis;

import dev.usageledger.api.diagnosis.ReplayComparison.Difference;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.RecordedOrganization;
import dev.usageledger.engine.StoredEvent;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.OveragePack;
import dev.usageledger.organization.PeriodAccount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Replays an organization's events, and compares what comes of them with what is decided on and with what lists show.
 * Lists are compared as of the last event that is in them, so one that follows a moment later is no difference.
 */
final class ProjectionReplay {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();

    private final Ledger ledger;
    private final JdbcClient database;
    private final long mostEvents;

    /** @param mostEvents an organization with more of them is replayed only when asked to */
    ProjectionReplay(Ledger ledger, JdbcClient database, long mostEvents) {
        this.ledger = ledger;
        this.database = database;
        this.mostEvents = mostEvents;
    }

    /** @param full replays however many events there are */
    ReplayComparison compare(RecordedOrganization recorded, boolean full) {
        Projected projected = projected(recorded.organization().id());
        return full || recorded.sequence() < mostEvents
                ? replayed(recorded, projected)
                : notReplayed(recorded, projected);
    }

    private ReplayComparison replayed(RecordedOrganization recorded, Projected projected) {
        Fold fold = new Fold(recorded.sequence(), projected.lastSequence());
        ledger.replay(
                recorded.organization().id(), Math.max(recorded.sequence(), projected.lastSequence()), fold::take);
        List<Difference> differences = new ArrayList<>();
        if (!recorded.organization().equals(fold.decidedOn)) {
            differences.addAll(differences("decisions", numbers(recorded.organization()), numbers(fold.decidedOn)));
        }
        differences.addAll(differences("lists", projected.numbers(), numbers(fold.listed)));
        return new ReplayComparison(
                recorded.sequence() + 1, true, behind(recorded, projected), fold.firstNotListed, differences);
    }

    private static ReplayComparison notReplayed(RecordedOrganization recorded, Projected projected) {
        List<Difference> differences = projected.lastSequence() == recorded.sequence()
                ? differences("lists", projected.numbers(), numbers(recorded.organization()))
                : List.of();
        return new ReplayComparison(recorded.sequence() + 1, false, behind(recorded, projected), null, differences);
    }

    private static long behind(RecordedOrganization recorded, Projected projected) {
        return Math.max(0, recorded.sequence() - projected.lastSequence());
    }

    /** The organization as of two of its events, in one pass. */
    private static final class Fold {
        private final long decidedSequence;
        private final long listedSequence;
        private Organization state = Organization.NOT_OPENED;
        private Organization decidedOn = Organization.NOT_OPENED;
        private Organization listed = Organization.NOT_OPENED;
        private @Nullable Instant firstNotListed;

        Fold(long decidedSequence, long listedSequence) {
            this.decidedSequence = decidedSequence;
            this.listedSequence = listedSequence;
        }

        void take(StoredEvent event) {
            state = OrganizationDecider.evolve(state, event.event());
            decidedOn = event.sequence() == decidedSequence ? state : decidedOn;
            listed = event.sequence() == listedSequence ? state : listed;
            if (event.sequence() == listedSequence + 1) {
                firstNotListed = event.recordedAt();
            }
        }
    }

    private static List<Difference> differences(
            String where, Map<String, @Nullable Object> shown, Map<String, @Nullable Object> expected) {
        return Stream.concat(shown.keySet().stream(), expected.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .filter(what -> !Objects.equals(shown.get(what), expected.get(what)))
                .map(what -> new Difference(what, where, shown.get(what), expected.get(what)))
                .toList();
    }

    private static Map<String, @Nullable Object> numbers(Organization organization) {
        return switch (organization) {
            case Organization.NotOpened none -> Map.of();
            case Open open -> numbers(open);
        };
    }

    private static Map<String, @Nullable Object> numbers(Open organization) {
        Balance balance = Balance.of(organization, LedgerPolicy.STANDARD);
        Map<String, @Nullable Object> numbers = new TreeMap<>();
        numbers.put("plan", balance.plan().code());
        numbers.put("includedMinutes", value(balance.plan().includedMinutes()));
        numbers.put("periodIndex", balance.period().index());
        numbers.put("usedMinutes", value(balance.used()));
        numbers.put("remainingMinutes", value(balance.remaining()));
        numbers.put("heldMinutes", value(balance.held()));
        numbers.put("uncoveredMinutes", value(balance.uncovered()));
        numbers.put("capacityMinutes", value(balance.capacity()));
        numbers.put("baseUsedMinutes", value(balance.baseUsed()));
        numbers.put("baseRemainingMinutes", value(balance.baseRemaining()));
        numbers.put("overageUsedMinutes", value(balance.overageUsed()));
        numbers.put("overageRemainingMinutes", value(balance.overageRemaining()));
        numbers.put("members", (long) organization.members().size());
        numbers.put("openHolds", (long) organization.holds().open().size());
        organization.overage().packs().stream()
                .filter(pack -> !pack.remaining().isZero())
                .forEach(pack -> numbers.put(nameOf(pack), value(pack.remaining())));
        addStatement(numbers, organization.periods().current());
        PeriodAccount previous = organization.periods().previous();
        if (previous != null) {
            addStatement(numbers, previous);
        }
        return numbers;
    }

    private static String nameOf(OveragePack pack) {
        return "pack " + pack.purchaseId();
    }

    private static void addStatement(Map<String, @Nullable Object> numbers, PeriodAccount account) {
        numbers.put(
                "statement " + account.period().index(),
                "%s base + %s overage + %s uncovered"
                        .formatted(account.fromBase(), account.overageUsed(), account.uncovered()));
    }

    private static @Nullable Long value(@Nullable Minutes minutes) {
        return minutes == null ? null : minutes.value();
    }

    /** What lists show of an organization, as of one event; −1 when they show nothing. */
    private record Projected(long lastSequence, Map<String, @Nullable Object> numbers) {
        static final Projected NOTHING = new Projected(-1, Map.of());
    }

    // One statement, so that everything is as of the same moment.
    private Projected projected(OrganizationId organizationId) {
        return database.sql("""
                        SELECT last_sequence, json_build_object(
                                'plan', plan_code,
                                'includedMinutes', plan_included_minutes,
                                'periodIndex', period_index,
                                'usedMinutes', used_minutes,
                                'remainingMinutes', remaining_minutes,
                                'heldMinutes', held_minutes,
                                'uncoveredMinutes', uncovered_minutes,
                                'capacityMinutes', capacity_minutes,
                                'baseUsedMinutes', base_used_minutes,
                                'baseRemainingMinutes', base_remaining_minutes,
                                'overageUsedMinutes', overage_used_minutes,
                                'overageRemainingMinutes', overage_remaining_minutes,
                                'members', (
                                    SELECT count(*) FROM reporting.members
                                    WHERE organization_id = organization.organization_id AND removed_at IS NULL),
                                'openHolds', (
                                    SELECT count(*) FROM reporting.reservations
                                    WHERE organization_id = organization.organization_id AND status = 'open')
                            ) AS numbers,
                            (SELECT json_object_agg('pack ' || purchase_id, remaining_minutes)
                             FROM reporting.overage_packs
                             WHERE organization_id = organization.organization_id AND remaining_minutes > 0) AS packs,
                            (SELECT json_object_agg('statement ' || period_index, format(
                                 '%s base + %s overage + %s uncovered', base_minutes, overage_minutes, uncovered_minutes))
                             FROM reporting.billing_periods AS statement
                             WHERE organization_id = organization.organization_id
                                AND statement.period_index >= organization.period_index - 1) AS statements
                        FROM reporting.organization_usage AS organization
                        WHERE organization_id = :organization
                        """)
                .param("organization", organizationId.value())
                .query((row, number) -> {
                    Map<String, @Nullable Object> numbers = parsed(row.getString("numbers"));
                    numbers.putAll(parsed(row.getString("packs")));
                    numbers.putAll(parsed(row.getString("statements")));
                    return new Projected(row.getLong("last_sequence"), numbers);
                })
                .optional()
                .orElse(Projected.NOTHING);
    }

    private static Map<String, @Nullable Object> parsed(@Nullable String json) {
        return json == null
                ? new TreeMap<>()
                : JSON.readValue(json, new TypeReference<TreeMap<String, @Nullable Object>>() {});
    }
}
