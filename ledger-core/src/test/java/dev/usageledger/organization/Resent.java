package dev.usageledger.organization;

import dev.usageledger.organization.OrganizationCommand.*;
import java.time.Instant;

/** The same command once more, at another time. */
final class Resent {
    private static final Minutes ONE = Minutes.of(1);

    private Resent() {}

    static OrganizationCommand at(Instant at, OrganizationCommand command) {
        return switch (command) {
            case OpenOrganization c ->
                new OpenOrganization(c.organizationId(), at, c.name(), c.plan(), c.zone(), c.periodAnchor());
            case ChangePlan c -> new ChangePlan(c.organizationId(), at, c.changeId(), c.plan(), c.effective());
            case AddMember c -> new AddMember(c.organizationId(), at, c.userId());
            case RemoveMember c -> new RemoveMember(c.organizationId(), at, c.userId());
            case ReserveMinutes c -> reserving(c, at, c.minutes());
            case ReleaseReservation c -> new ReleaseReservation(c.organizationId(), at, c.reservationId());
            case RecordTranscription c ->
                new RecordTranscription(
                        c.organizationId(),
                        at,
                        c.transcriptionId(),
                        c.minutes(),
                        c.durationSeconds(),
                        c.occurredAt(),
                        c.userId(),
                        c.reservationId(),
                        c.onInsufficient());
            case CorrectTranscription c -> correcting(c, at, c.minutes());
            case PurchaseOverage c -> purchasing(c, at, c.minutes());
            case RefundOverage c ->
                new RefundOverage(c.organizationId(), at, c.refundId(), c.purchaseId(), c.minutes());
            case RollBillingPeriod c -> new RollBillingPeriod(c.organizationId(), at);
        };
    }

    /** Under the same identifier, but with another content where there is a number to change. */
    static OrganizationCommand otherwise(Instant at, OrganizationCommand command) {
        return switch (command) {
            case ReserveMinutes c -> reserving(c, at, c.minutes().plus(ONE));
            case RecordTranscription c -> costing(c.minutes().plus(ONE), at, c);
            case CorrectTranscription c -> correcting(c, at, c.minutes().plus(ONE));
            case PurchaseOverage c -> purchasing(c, at, c.minutes().plus(ONE));
            default -> at(at, command);
        };
    }

    /** The same usage at another cost. */
    static RecordTranscription costing(Minutes minutes, Instant at, RecordTranscription c) {
        return new RecordTranscription(
                c.organizationId(),
                at,
                c.transcriptionId(),
                minutes,
                null,
                c.occurredAt(),
                c.userId(),
                c.reservationId(),
                c.onInsufficient());
    }

    private static ReserveMinutes reserving(ReserveMinutes c, Instant at, Minutes minutes) {
        return new ReserveMinutes(c.organizationId(), at, c.reservationId(), minutes, c.ttl(), c.userId());
    }

    private static CorrectTranscription correcting(CorrectTranscription c, Instant at, Minutes minutes) {
        return new CorrectTranscription(
                c.organizationId(), at, c.correctionId(), c.transcriptionId(), minutes, c.reason());
    }

    private static PurchaseOverage purchasing(PurchaseOverage c, Instant at, Minutes minutes) {
        return new PurchaseOverage(c.organizationId(), at, c.purchaseId(), minutes, c.expiresAt(), c.price());
    }
}
