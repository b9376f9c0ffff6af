package dev.usageledger.api.diagnosis;

import dev.usageledger.api.access.MemberEmails;
import dev.usageledger.api.access.MemberEmails.Holder;
import dev.usageledger.api.diagnosis.OrganizationFacts.OpenHold;
import dev.usageledger.api.diagnosis.OrganizationFacts.PackTotals;
import dev.usageledger.api.rejections.RejectionQuery;
import dev.usageledger.api.rejections.RejectionRow;
import dev.usageledger.audit.ChainVerification;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.RecordedOrganization;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.Decision.Rejected;
import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.Hold;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand.ReserveMinutes;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationEvent.MinutesReserved;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Past;
import dev.usageledger.organization.Rejection.InsufficientMinutes;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.members.MemberQuery;
import dev.usageledger.projections.members.MemberRow;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gathers what a diagnosis is made of. Balances, members and holds are exact as of the last event. */
final class Facts {
    private static final int MOST_ORGANIZATIONS = 100;
    private static final int MOST_HOLDS = 100;
    private static final int MOST_REJECTIONS = 10;

    /** Some seconds' worth: support waits for the answer. */
    private static final long MOST_REPLAYED = 100_000;

    private static final ReservationId SUPPOSED = new ReservationId("diagnosis");

    private final Ledger ledger;
    private final JdbcClient database;
    private final MemberEmails emails;
    private final MemberQuery members;
    private final RejectionQuery rejections;
    private final ProjectionReplay replay;
    private final ChainVerification chains;
    // Thresholds and windows are the service's; neither has a part in whether an upload is let through.
    private final OrganizationDecider decider = new OrganizationDecider(LedgerPolicy.STANDARD);

    Facts(Ledger ledger, DataSource source, ChainVerification chains) {
        this.ledger = ledger;
        this.chains = chains;
        this.database = JdbcClient.create(source);
        this.emails = new MemberEmails(database);
        this.members = new MemberQuery(source);
        this.rejections = new RejectionQuery(database);
        this.replay = new ProjectionReplay(ledger, database, MOST_REPLAYED);
    }

    PersonFacts ofPerson(Complaint complaint) {
        String email = complaint.email();
        List<Holder> holders = email == null ? List.of() : emails.holders(email);
        List<UserId> userIds = Stream.concat(
                        Stream.ofNullable(complaint.userId()), holders.stream().map(Holder::userId))
                .distinct()
                .toList();
        List<Membership> memberships =
                userIds.stream().flatMap(userId -> memberships(userId, holders)).toList();
        return new PersonFacts(email, userIds, memberships, rejections.withoutOrganization(userIds, MOST_REJECTIONS));
    }

    private Stream<Membership> memberships(UserId userId, List<Holder> holders) {
        List<OrganizationId> withAddress = holders.stream()
                .filter(holder -> holder.userId().equals(userId))
                .map(Holder::organizationId)
                .toList();
        List<MemberRow> listed = members.everOf(userId, MOST_ORGANIZATIONS);
        return Stream.concat(withAddress.stream(), listed.stream().map(row -> new OrganizationId(row.organizationId())))
                .distinct()
                .sorted(Comparator.comparing(OrganizationId::value))
                .map(organizationId ->
                        membership(organizationId, userId, listed, withAddress.contains(organizationId)));
    }

    private Membership membership(
            OrganizationId organizationId, UserId userId, List<MemberRow> listed, boolean addressKept) {
        Instant since = ledger.recorded(organizationId)
                .map(recorded -> recorded.organization().members().get(userId))
                .orElse(null);
        Optional<MemberRow> row = listed.stream()
                .filter(one -> one.organizationId().equals(organizationId.value()))
                .findFirst();
        return new Membership(
                organizationId,
                userId,
                since,
                row.isPresent() && row.get().removedAt() == null,
                row.map(MemberRow::removedAt).orElse(null),
                addressKept);
    }

    /** Empty when no ledger has been opened for it. */
    Optional<OrganizationFacts> ofOrganization(OrganizationId organizationId, Instant now, boolean fullReplay) {
        return ledger.recorded(organizationId).map(recorded -> organization(recorded, now, fullReplay));
    }

    private OrganizationFacts organization(RecordedOrganization recorded, Instant now, boolean fullReplay) {
        Open organization = recorded.organization();
        Instant asOf = now.isBefore(organization.recordedUpTo()) ? organization.recordedUpTo() : now;
        Open current = decider.advanced(organization, asOf);
        List<RejectionRow> refused = rejections.ofOrganization(organization.id(), MOST_REJECTIONS);
        return new OrganizationFacts(
                Balance.of(current, LedgerPolicy.STANDARD),
                organization.periods().current().period(),
                asOf,
                holds(current),
                packTotals(organization.id()),
                refused,
                shortage(current, asOf, lastAsked(refused, asOf)),
                replay.compare(recorded, fullReplay),
                fullReplay || recorded.sequence() < MOST_REPLAYED
                        ? chains.of(organization.id().value())
                        : null);
    }

    private List<OpenHold> holds(Open organization) {
        List<Hold> open = organization.holds().open();
        List<Hold> some = open.subList(0, Math.min(open.size(), MOST_HOLDS));
        return ledger
                .find(
                        organization.id(),
                        some.stream()
                                .map(hold -> EventIdentity.reservation(hold.reservationId()))
                                .toList())
                .stream()
                .map(recorded -> (MinutesReserved) recorded.event())
                .flatMap(event -> Stream.ofNullable(organization.holds().find(event.reservationId()))
                        .map(hold -> new OpenHold(hold, event.recordedAt(), event.userId())))
                .sorted(Comparator.comparing(OpenHold::reservedAt))
                .toList();
    }

    private PackTotals packTotals(OrganizationId organizationId) {
        return database.sql("""
                        SELECT count(*) AS packs,
                               coalesce(sum(bought_minutes), 0)::bigint AS bought,
                               coalesce(sum(spent_minutes), 0)::bigint AS spent,
                               coalesce(sum(refunded_minutes), 0)::bigint AS refunded,
                               coalesce(sum(expired_minutes), 0)::bigint AS expired,
                               coalesce(sum(remaining_minutes), 0)::bigint AS remaining
                        FROM reporting.overage_packs
                        WHERE organization_id = :organization
                        """)
                .param("organization", organizationId.value())
                .query(PackTotals.class)
                .single();
    }

    private static Minutes lastAsked(List<RejectionRow> refused, Instant now) {
        return OrganizationFacts.lastInsufficient(refused, now)
                .map(rejection -> rejection.numbers().get("requested"))
                .filter(Number.class::isInstance)
                .map(requested -> Minutes.of(((Number) requested).longValue()))
                .orElse(Minutes.of(1));
    }

    /** Asks the rules themselves; nothing is recorded. */
    private @Nullable InsufficientMinutes shortage(Open organization, Instant now, Minutes asked) {
        var upload = new ReserveMinutes(organization.id(), now, SUPPOSED, asked, ReserveMinutes.DEFAULT_TTL, null);
        return decider.decide(upload, organization, Past.NOTHING) instanceof Rejected(InsufficientMinutes shortage)
                ? shortage
                : null;
    }
}
