package dev.usageledger.api.http.overage;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.http.Commands;
import dev.usageledger.api.http.answer.CommandAnswer;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.RefundId;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Buying packs, and taking back what is unspent of one. */
@RestController
@RequestMapping(path = "/v1/organizations/{organizationId}/overage-purchases", produces = "application/json")
class OverageCalls {
    private final Commands commands;

    OverageCalls(Commands commands) {
        this.commands = commands;
    }

    @PostMapping
    CommandAnswer purchase(Request request) {
        var organizationId = organizationId(request);
        JsonObject body = request.body();
        var purchase = PurchaseFields.of(body, body.required("purchaseId", Json.string(PurchaseId::new)));
        return commands.send(request, () -> purchase.command(organizationId.value(), request.receivedAt()));
    }

    @PostMapping("/{purchaseId}/refunds")
    CommandAnswer refund(Request request) {
        var organizationId = organizationId(request);
        var purchaseId = request.path("purchaseId", PurchaseId::new);
        JsonObject body = request.body();
        var refund = RefundFields.of(body, body.required("refundId", Json.string(RefundId::new)), purchaseId);
        return commands.send(request, () -> refund.command(organizationId.value(), request.receivedAt()));
    }
}
