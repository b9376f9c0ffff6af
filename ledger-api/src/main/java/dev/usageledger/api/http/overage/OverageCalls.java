package dev.usageledger.api.http.overage;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.http.Commands;
import dev.usageledger.api.http.answer.CommandAnswer;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.organization.OrganizationCommand.PurchaseOverage;
import dev.usageledger.organization.OrganizationCommand.RefundOverage;
import dev.usageledger.organization.Price;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.RefundId;
import java.math.BigDecimal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Buying packs, and taking back what is unspent of one. */
@RestController
@RequestMapping(path = "/v1/organizations/{organizationId}/overage-purchases", produces = "application/json")
class OverageCalls {
    private static final String ANY_CURRENCY = "XXX";

    private final Commands commands;

    OverageCalls(Commands commands) {
        this.commands = commands;
    }

    @PostMapping
    CommandAnswer purchase(Request request) {
        var organizationId = organizationId(request);
        JsonObject body = request.body();
        var purchaseId = body.required("purchaseId", Json.string(PurchaseId::new));
        var minutes = body.required("minutes", Json.minutes(1));
        var expiresAt = body.optional("expiresAt", Json.string(Text::time));
        var price = price(body.optionalObject("price"));
        return commands.send(
                request,
                () -> new PurchaseOverage(
                        organizationId.value(),
                        request.receivedAt(),
                        purchaseId.value(),
                        minutes.value(),
                        expiresAt.orNull(),
                        price.get()));
    }

    @PostMapping("/{purchaseId}/refunds")
    CommandAnswer refund(Request request) {
        var organizationId = organizationId(request);
        var purchaseId = request.path("purchaseId", PurchaseId::new);
        JsonObject body = request.body();
        var refundId = body.required("refundId", Json.string(RefundId::new));
        var minutes = body.optional("minutes", Json.minutes(1));
        return commands.send(
                request,
                () -> new RefundOverage(
                        organizationId.value(),
                        request.receivedAt(),
                        refundId.value(),
                        purchaseId.value(),
                        minutes.orNull()));
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
