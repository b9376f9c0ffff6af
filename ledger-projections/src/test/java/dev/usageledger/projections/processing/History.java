package dev.usageledger.projections.processing;

import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.*;
import dev.usageledger.organization.Decision.Accepted;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationCommand.*;
import dev.usageledger.organization.OrganizationCommand.ChangePlan.Effective;
import dev.usageledger.organization.OrganizationCommand.RecordTranscription.OnInsufficient;
import dev.usageledger.organization.Plan.Limit;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What organizations are asked, decided by the real rules and recorded as the store would: with positions that have
 * gaps. Its clock stands still until {@link #at} moves it.
 */
public final class History {
    private final LedgerPolicy policy;
    private final OrganizationDecider decider;
    private final List<RecordedEvent> events = new ArrayList<>();
    private final Map<OrganizationId, List<OrganizationEvent>> streams = new HashMap<>();
    private final Map<OrganizationId, Organization> organizations = new HashMap<>();
    private Instant now = Instant.parse("2026-01-31T00:00:00Z");
    private long position;

    public History(LedgerPolicy policy) {
        this.policy = policy;
        this.decider = new OrganizationDecider(policy);
    }

    public List<RecordedEvent> events() {
        return List.copyOf(events);
    }

    public Instant now() {
        return now;
    }

    /** Whether it was accepted; what is rejected or replayed leaves nothing. */
    public boolean send(OrganizationCommand command) {
        OrganizationId id = command.organizationId();
        List<OrganizationEvent> stream = streams.computeIfAbsent(id, any -> new ArrayList<>());
        Organization organization = organizations.getOrDefault(id, Organization.NOT_OPENED);
        Decision decision = decider.decide(command, organization, Past.recalled(command, stream));
        if (!(decision instanceof Accepted accepted)) {
            return false;
        }
        for (OrganizationEvent event : accepted.events()) {
            record(id, stream, event);
        }
        organizations.put(id, accepted.organization());
        return true;
    }

    private void record(OrganizationId id, List<OrganizationEvent> stream, OrganizationEvent event) {
        position += position % 7 == 0 ? 2 : 1;
        events.add(new RecordedEvent(position, id, stream.size(), UUID.randomUUID(), event, Map.of("actor", "test")));
        stream.add(event);
    }

    public Open organization(String id) {
        return (Open) organizations.get(new OrganizationId(id));
    }

    public Balance balance(String id) {
        return Balance.of(organization(id), policy);
    }

    public List<OrganizationEvent> stream(String id) {
        return List.copyOf(streams.getOrDefault(new OrganizationId(id), List.of()));
    }

    // --- what can be asked, in short; each fails when it is not accepted

    public History at(String instant) {
        return at(Instant.parse(instant));
    }

    public History at(Instant instant) {
        now = instant;
        return this;
    }

    public History opens(String id, long includedMinutes) {
        return opens(id, new Plan("team", Minutes.of(includedMinutes), Limit.HARD));
    }

    public History opens(String id, Plan plan) {
        LocalDateTime anchor = LocalDateTime.parse("2026-01-31T00:00");
        return accepted(new OpenOrganization(of(id), now, "The " + id, plan, ZoneId.of("UTC"), anchor));
    }

    public History changesPlan(String id, String changeId, Plan plan, Effective effective) {
        return accepted(new ChangePlan(of(id), now, new PlanChangeId(changeId), plan, effective));
    }

    public History adds(String id, String userId) {
        return accepted(new AddMember(of(id), now, new UserId(userId)));
    }

    public History removes(String id, String userId) {
        return accepted(new RemoveMember(of(id), now, new UserId(userId)));
    }

    public History reserves(String id, String reservationId, long minutes) {
        return accepted(new ReserveMinutes(
                of(id), now, new ReservationId(reservationId), Minutes.of(minutes), Duration.ofHours(2), null));
    }

    public History releases(String id, String reservationId) {
        return accepted(new ReleaseReservation(of(id), now, new ReservationId(reservationId)));
    }

    public History records(String id, String transcriptionId, long minutes) {
        return records(id, transcriptionId, minutes, null, null);
    }

    public History records(
            String id,
            String transcriptionId,
            long minutes,
            @Nullable String occurredAt,
            @Nullable String reservationId) {
        return accepted(new RecordTranscription(
                of(id),
                now,
                new TranscriptionId(transcriptionId),
                Minutes.of(minutes),
                null,
                occurredAt == null ? null : Instant.parse(occurredAt),
                new UserId("ann"),
                reservationId == null ? null : new ReservationId(reservationId),
                OnInsufficient.RECORD));
    }

    public History corrects(String id, String correctionId, String transcriptionId, long minutes) {
        return accepted(new CorrectTranscription(
                of(id),
                now,
                new CorrectionId(correctionId),
                new TranscriptionId(transcriptionId),
                Minutes.of(minutes),
                "heard twice"));
    }

    public History buys(String id, String purchaseId, long minutes) {
        return buys(id, purchaseId, minutes, null);
    }

    public History buys(String id, String purchaseId, long minutes, @Nullable String expiresAt) {
        return accepted(new PurchaseOverage(
                of(id),
                now,
                new PurchaseId(purchaseId),
                Minutes.of(minutes),
                expiresAt == null ? null : Instant.parse(expiresAt),
                new Price(new BigDecimal("9.90"), "EUR")));
    }

    public History refunds(String id, String refundId, String purchaseId, long minutes) {
        return accepted(new RefundOverage(
                of(id), now, new RefundId(refundId), new PurchaseId(purchaseId), Minutes.of(minutes)));
    }

    public History rolls(String id) {
        return accepted(new RollBillingPeriod(of(id), now));
    }

    private History accepted(OrganizationCommand command) {
        if (!send(command)) {
            throw new IllegalArgumentException("not accepted: " + command);
        }
        return this;
    }

    private static OrganizationId of(String id) {
        return new OrganizationId(id);
    }
}
