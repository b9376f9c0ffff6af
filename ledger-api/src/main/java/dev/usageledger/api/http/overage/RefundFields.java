package dev.usageledger.api.http.overage;

import dev.usageledger.api.http.request.Given;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.RefundOverage;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.RefundId;
import java.time.Instant;

/** The body that takes back unspent minutes of a pack. */
public record RefundFields(Given<RefundId> refundId, Given<PurchaseId> purchaseId, Given<Minutes> minutes) {
    public static RefundFields of(JsonObject body, Given<RefundId> refundId, Given<PurchaseId> purchaseId) {
        return new RefundFields(refundId, purchaseId, body.optional("minutes", Json.minutes(1)));
    }

    public RefundOverage command(OrganizationId organizationId, Instant receivedAt) {
        return new RefundOverage(organizationId, receivedAt, refundId.value(), purchaseId.value(), minutes.orNull());
    }
}
