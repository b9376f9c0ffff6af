package dev.usageledger.api.http.members;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.access.MemberEmails;
import dev.usageledger.api.http.Commands;
import dev.usageledger.api.http.answer.CommandAnswer;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.organization.OrganizationCommand.AddMember;
import dev.usageledger.organization.OrganizationCommand.RemoveMember;
import dev.usageledger.organization.UserId;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Adding and removing members. Their e-mail addresses are kept beside the ledger, never in it. */
@RestController
@RequestMapping(path = "/v1/organizations/{organizationId}/members/{userId}", produces = "application/json")
class MemberCalls {
    private final Commands commands;
    private final MemberEmails emails;

    MemberCalls(Commands commands, MemberEmails emails) {
        this.commands = commands;
        this.emails = emails;
    }

    /** A given address is kept, null erases it, and where nothing is said it stays as it was. */
    @PutMapping
    CommandAnswer add(Request request) {
        var organizationId = organizationId(request);
        var userId = request.path("userId", UserId::new);
        JsonObject body = request.optionalBody();
        boolean says = body.isNamed("email");
        String email =
                body.optional("email", Json.string(MemberEmails::normalized)).orNull();
        CommandAnswer answer = commands.send(
                request, () -> new AddMember(organizationId.value(), request.receivedAt(), userId.value()));
        if (email != null) {
            emails.keep(organizationId.value(), userId.value(), email);
        } else if (says) {
            emails.erase(organizationId.value(), userId.value());
        }
        return answer;
    }

    @DeleteMapping
    CommandAnswer remove(Request request) {
        var organizationId = organizationId(request);
        var userId = request.path("userId", UserId::new);
        CommandAnswer answer = commands.send(
                request, () -> new RemoveMember(organizationId.value(), request.receivedAt(), userId.value()));
        emails.erase(organizationId.value(), userId.value());
        return answer;
    }
}
