package dev.usageledger.api.http.overage;

import dev.usageledger.api.http.request.Given;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand.PurchaseOverage;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Price;
import dev.usageledger.organization.PurchaseId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The body that buys a pack. */
public record PurchaseFields(
        Given<PurchaseId> purchaseId,
        Given<Minutes> minutes,
        Given<Instant> expiresAt,
        Supplier<@Nullable Price> price) {
    private static final String ANY_CURRENCY = "XXX";

    public static PurchaseFields of(JsonObject body, Given<PurchaseId> purchaseId) {
        return new PurchaseFields(
                purchaseId,
                body.required("minutes", Json.minutes(1)),
                body.optional("expiresAt", Json.string(Text::time)),
                price(body.optionalObject("price")));
    }

    public PurchaseOverage command(OrganizationId organizationId, Instant receivedAt) {
        return new PurchaseOverage(
                organizationId, receivedAt, purchaseId.value(), minutes.value(), expiresAt.orNull(), price.get());
    }

    // Each half is checked as part of a whole price, so that the bounds are said in one place.
    private static Supplier<@Nullable Price> price(@Nullable JsonObject body) {
        if (body == null) {
            return () -> null;
        }
        var amount = body.required("amount", node -> new Price(Json.number(node), ANY_CURRENCY).amount());
        var currency = body.required("currency", Json.string(text -> new Price(BigDecimal.ZERO, text).currency()));
        return () -> new Price(amount.value(), currency.value());
    }
}
