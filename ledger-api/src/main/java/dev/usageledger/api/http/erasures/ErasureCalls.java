package dev.usageledger.api.http.erasures;

import dev.usageledger.api.access.MemberEmails;
import dev.usageledger.api.access.PersonErasure;
import dev.usageledger.api.access.PersonErasure.Erased;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.rejections.RejectionLog;
import dev.usageledger.organization.UserId;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Erasing a person. The address comes in a body, since what stands in a URL is written into logs on its way. */
@RestController
class ErasureCalls {
    private final PersonErasure erasure;
    private final RejectionLog rejections;

    ErasureCalls(PersonErasure erasure, RejectionLog rejections) {
        this.erasure = erasure;
        this.rejections = rejections;
    }

    @PostMapping(path = "/v1/erasures", produces = "application/json")
    Erased erase(Request request) {
        JsonObject body = request.body();
        if (body.isGiven("email") == body.isGiven("userId")) {
            body.report("email", "is required, or userId in its place, and not both");
        }
        var email = body.optional("email", Json.string(MemberEmails::normalized));
        var userId = body.optional("userId", Json.string(UserId::new));
        return request.complete(() -> {
            // What waits to be noted is of the person too.
            rejections.store();
            UserId known = userId.orNull();
            return known == null ? erasure.byEmail(email.value()) : erasure.byUser(known);
        });
    }
}
