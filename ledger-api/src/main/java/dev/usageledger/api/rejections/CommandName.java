package dev.usageledger.api.rejections;

import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.*;
import dev.usageledger.organization.UserId;
import org.jspecify.annotations.Nullable;

/**
 * What people and metrics call a command.
 *
 * @param kind such as {@code reserve-minutes}
 * @param id what the command is about: its own identifier where it has one
 * @param userId the person that it names, if it names one
 */
public record CommandName(String kind, String id, @Nullable UserId userId) {
    public static CommandName of(OrganizationCommand command) {
        return switch (command) {
            case OpenOrganization c -> named("open-organization", c.organizationId(), null);
            case ChangePlan c -> named("change-plan", c.changeId(), null);
            case AddMember c -> named("add-member", c.userId(), c.userId());
            case RemoveMember c -> named("remove-member", c.userId(), c.userId());
            case ReserveMinutes c -> named("reserve-minutes", c.reservationId(), c.userId());
            case ReleaseReservation c -> named("release-reservation", c.reservationId(), null);
            case RecordTranscription c -> named("record-transcription", c.transcriptionId(), c.userId());
            case CorrectTranscription c -> named("correct-transcription", c.correctionId(), null);
            case PurchaseOverage c -> named("purchase-overage", c.purchaseId(), null);
            case RefundOverage c -> named("refund-overage", c.refundId(), null);
            case RollBillingPeriod c -> named("roll-billing-period", c.organizationId(), null);
        };
    }

    private static CommandName named(String kind, Object id, @Nullable UserId userId) {
        return new CommandName(kind, id.toString(), userId);
    }
}
