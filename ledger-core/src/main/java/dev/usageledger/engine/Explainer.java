package dev.usageledger.engine;

import dev.usageledger.engine.Explanation.Cause;
import dev.usageledger.engine.Explanation.Line;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.BillingPeriod;
import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.Figures;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.BillingPeriodRolled;
import dev.usageledger.organization.OrganizationEvent.MemberAdded;
import dev.usageledger.organization.OrganizationEvent.MemberRemoved;
import dev.usageledger.organization.OrganizationEvent.ThresholdReached;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.OveragePack;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Accounts for balances, from the beginning of their period on. */
final class Explainer {
    private final TimeTravel timeTravel;
    private final OrganizationDecider decider;
    private final LedgerPolicy policy;

    Explainer(TimeTravel timeTravel, OrganizationDecider decider, LedgerPolicy policy) {
        this.timeTravel = timeTravel;
        this.decider = decider;
        this.policy = policy;
    }

    /** As {@link Ledger#explain}. */
    Optional<Explanation> explain(OrganizationId organizationId, Instant at, @Nullable Long after, int limit) {
        return timeTravel.asKnownAt(
                organizationId, at, (connection, known) -> explain(connection, known, at, after, limit));
    }

    private Explanation explain(
            Connection connection, KnownOrganization known, Instant at, @Nullable Long after, int limit)
            throws SQLException {
        OrganizationDecider.Due due = decider.due(known.open(), at);
        Standing standing = new Standing(Balance.of(due.organization(), policy), at, known.position());
        Lines lines = new Lines(connection, known.open().id());
        if (after != null && due.rolls()) {
            throw notOfThisPeriod();
        }
        Long next = due.rolls() ? null : lines.ofEvents(known, after, limit);
        if (next == null) {
            lines.ofDue(known.open(), due);
        }
        return new Explanation(standing, lines.lines, next);
    }

    private static IllegalArgumentException notOfThisPeriod() {
        return new IllegalArgumentException("cursor must be of the period that is explained; give at to stay in one");
    }

    /** Lines in the order in which they are added; each begins with the balance of the one before. */
    private static final class Lines {
        private final Connection connection;
        private final OrganizationId id;
        private final List<Line> lines = new ArrayList<>();
        private Figures balance = Figures.NOTHING;

        Lines(Connection connection, OrganizationId id) {
            this.connection = connection;
            this.id = id;
        }

        private void add(Instant at, Cause cause, Figures change) {
            balance = balance.plus(change);
            lines.add(new Line(at, cause, change, balance));
        }

        /** @return the last sequence of this page, when there are more */
        @Nullable
        Long ofEvents(KnownOrganization known, @Nullable Long after, int limit) throws SQLException {
            RecordedEvent beginning = TimeTravel.beginning(connection, known.open());
            if (after != null && (after < beginning.sequence() || after > known.sequence())) {
                throw notOfThisPeriod();
            }
            KnownOrganization from = TimeTravel.recorded(connection, id, after == null ? beginning.sequence() : after);
            if (after == null) {
                opening(from.open(), beginning);
            } else {
                add(from.open().recordedUpTo(), new Cause.BroughtForward(), Figures.of(from.open()));
            }
            long last = Math.min(known.sequence(), from.sequence() + limit);
            List<RecordedEvent> events = new ArrayList<>();
            EventTable.read(connection, id, from.sequence(), last, events::add);
            Open organization = from.open();
            for (RecordedEvent recorded : events) {
                organization = happened(organization, recorded.event(), new Cause.Happened(recorded));
            }
            return last < known.sequence() ? last : null;
        }

        /** What is due by now; with an opening of its own when the period has ended meanwhile. */
        void ofDue(Open recorded, OrganizationDecider.Due due) throws SQLException {
            Open organization = recorded;
            for (OrganizationEvent event : due.events()) {
                if (event instanceof BillingPeriodRolled) {
                    organization = (Open) OrganizationDecider.evolve(organization, event);
                    lines.clear();
                    balance = Figures.NOTHING;
                    opening(organization, null);
                } else if (due.rolls() && lines.isEmpty()) {
                    organization = (Open) OrganizationDecider.evolve(organization, event);
                } else {
                    organization = happened(organization, event, new Cause.Due(event));
                }
            }
        }

        private Open happened(Open before, OrganizationEvent event, Cause cause) {
            Open after = (Open) OrganizationDecider.evolve(before, event);
            if (movesMinutes(event)) {
                add(event.effectiveAt(), cause, Figures.of(after).since(Figures.of(before)));
            }
            return after;
        }

        private static boolean movesMinutes(OrganizationEvent event) {
            return !(event instanceof MemberAdded
                    || event instanceof MemberRemoved
                    || event instanceof ThresholdReached);
        }

        private void opening(Open organization, @Nullable RecordedEvent beginning) throws SQLException {
            BillingPeriod period = organization.periods().current().period();
            Minutes base = organization.periods().current().baseRemaining();
            Instant at = beginning == null ? period.start() : beginning.event().effectiveAt();
            add(
                    at,
                    new Cause.BaseOfPeriod(organization.periods().plan(), period, beginning),
                    Figures.ofBase(base == null ? Minutes.ZERO : base));
            List<OveragePack> packs = organization.overage().packs().stream()
                    .filter(pack -> !pack.remaining().isZero())
                    .toList();
            Map<UUID, RecordedEvent> purchases = purchases(packs);
            for (OveragePack pack : packs) {
                RecordedEvent purchase = purchases.get(EventId.of(id, EventIdentity.purchase(pack.purchaseId())));
                if (purchase == null) {
                    throw new IllegalStateException(pack.purchaseId() + " was never purchased");
                }
                add(at, new Cause.PackCarriedOver(pack, purchase), Figures.of(pack));
            }
            int holds = organization.holds().open().size();
            if (holds > 0) {
                add(
                        at,
                        new Cause.HoldsCarriedOver(holds),
                        Figures.ofHeld(organization.holds().total()));
            }
        }

        private Map<UUID, RecordedEvent> purchases(List<OveragePack> packs) throws SQLException {
            List<UUID> ids = packs.stream()
                    .map(pack -> EventId.of(id, EventIdentity.purchase(pack.purchaseId())))
                    .toList();
            Map<UUID, RecordedEvent> found = new HashMap<>();
            if (!ids.isEmpty()) {
                EventTable.byIds(connection, ids).forEach(event -> found.put(event.eventId(), event));
            }
            return found;
        }
    }
}
