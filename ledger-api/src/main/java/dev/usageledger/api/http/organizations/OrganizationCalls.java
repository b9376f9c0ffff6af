package dev.usageledger.api.http.organizations;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.http.Commands;
import dev.usageledger.api.http.answer.CommandAnswer;
import dev.usageledger.api.http.answer.Usage;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.request.Fields;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.JsonObject;
import dev.usageledger.api.http.request.Moments;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.OrganizationCommand.ChangePlan;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationCommand.RollBillingPeriod;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PlanChangeId;
import java.time.Instant;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** One organization: opening it, its plan, how it stands. */
@RestController
@RequestMapping(path = "/v1/organizations/{organizationId}", produces = "application/json")
class OrganizationCalls {
    private static final int LONGEST_NAME = 256;

    private final Commands commands;
    private final Ledger ledger;

    OrganizationCalls(Commands commands, Ledger ledger) {
        this.commands = commands;
        this.ledger = ledger;
    }

    @PutMapping
    ResponseEntity<CommandAnswer> open(Request request) {
        var organizationId = organizationId(request);
        JsonObject body = request.body();
        var name = body.required("name", Json.string(Text.upTo(LONGEST_NAME)));
        var plan = Fields.plan(body);
        var zone = body.required("zone", Json.string(Text::zone));
        var periodAnchor = body.required("periodAnchor", Json.string(Text::localDateTime));
        CommandAnswer answer = commands.send(
                request,
                () -> new OpenOrganization(
                        organizationId.value(),
                        request.receivedAt(),
                        name.value(),
                        plan.get(),
                        zone.value(),
                        periodAnchor.value()));
        return ResponseEntity.status(answer.replayed() ? HttpStatus.OK : HttpStatus.CREATED)
                .body(answer);
    }

    @PostMapping("/plan-changes")
    CommandAnswer changePlan(Request request) {
        var organizationId = organizationId(request);
        JsonObject body = request.body();
        var changeId = body.required("changeId", Json.string(PlanChangeId::new));
        var plan = Fields.plan(body);
        var effective = body.required("effective", Json.string(Text.word(ChangePlan.Effective.class, Text::kebab)));
        return commands.send(
                request,
                () -> new ChangePlan(
                        organizationId.value(), request.receivedAt(), changeId.value(), plan.get(), effective.value()));
    }

    @PostMapping("/period-rolls")
    CommandAnswer roll(Request request) {
        var organizationId = organizationId(request);
        request.optionalBody();
        return commands.send(request, () -> new RollBillingPeriod(organizationId.value(), request.receivedAt()));
    }

    /** Exact as of the last commit on any node, with all that is due by now; or as it was, and as it was known. */
    @GetMapping("/usage")
    Usage usage(Request request) {
        var organizationId = organizationId(request);
        Moments moments = Moments.of(request);
        OrganizationId id = request.complete(organizationId::value);
        return (moments.areLeftOut() ? usageNow(id, request) : usageThen(id, moments, request))
                .orElseThrow(() -> ProblemException.organizationNotFound(id));
    }

    private Optional<Usage> usageNow(OrganizationId id, Request request) {
        return ledger.standing(id, request.receivedAt()).map(Usage::of);
    }

    private Optional<Usage> usageThen(OrganizationId id, Moments moments, Request request) {
        Instant knownAt = moments.knownAt().or(request.receivedAt());
        return ledger.standing(id, moments.at().or(knownAt), knownAt).map(standing -> Usage.of(standing, knownAt));
    }
}
