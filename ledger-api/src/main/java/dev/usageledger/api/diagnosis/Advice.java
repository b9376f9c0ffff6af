package dev.usageledger.api.diagnosis;

import dev.usageledger.api.diagnosis.OrganizationFacts.OpenHold;
import dev.usageledger.organization.Action;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.ReservationId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What to do about what was found, with the call that does it. */
record Advice(@Nullable PersonFacts person, List<OrganizationFacts> organizations) {
    List<NextStep> steps() {
        List<NextStep> steps = new ArrayList<>();
        if (person != null) {
            aboutPerson(person, steps);
        }
        organizations.forEach(facts -> about(facts, steps));
        return steps;
    }

    private static void aboutPerson(PersonFacts person, List<NextStep> steps) {
        if (!person.isKnown()) {
            steps.add(findOtherwise(person));
        }
        switch (person.organizations().size()) {
            case 0 -> steps.add(addToOrganization(person));
            case 1 -> {}
            default ->
                steps.add(new NextStep(
                        "name-organization",
                        "Let the caller name the organization: POST /v1/organizations/{organizationId}/transcriptions; "
                                + "or remove the person from the others: "
                                + "DELETE /v1/organizations/{organizationId}/members/{userId}.",
                        Numbers.of("organizationIds", texts(person.organizations()))
                                .all()));
        }
        person.memberships().stream()
                .filter(membership -> membership.addressKept() && !membership.isMember() && !membership.listed())
                .forEach(membership -> steps.add(new NextStep(
                        "mend-membership",
                        "Add %s to %s if they belong there (PUT %s), or erase what is left of them (DELETE the same)."
                                .formatted(membership.userId(), membership.organizationId(), path(membership)),
                        Numbers.of("organizationId", membership.organizationId().value())
                                .and("userId", membership.userId().value())
                                .all())));
    }

    private static NextStep findOtherwise(PersonFacts person) {
        return new NextStep(
                "find-person",
                person.email() == null
                        ? "Make sure that the identifier is the one that the product sends as userId."
                        : "Ask for the person's userId and look again: ./ledger diagnose --user <userId>. An address "
                                + "that was never given, or was erased, finds nobody; and an invitation can have lost "
                                + "the organization on its way.",
                Numbers.of("userIds", texts(person.userIds())).all());
    }

    private static NextStep addToOrganization(PersonFacts person) {
        String userId = person.userIds().isEmpty()
                ? "{userId}"
                : person.userIds().getFirst().value();
        return new NextStep(
                "add-to-organization",
                "Add the person to an organization: PUT /v1/organizations/{organizationId}/members/%s. What was refused "
                                .formatted(userId)
                        + "can then be sent again.",
                Numbers.of("userIds", texts(person.userIds())).all());
    }

    private static void about(OrganizationFacts facts, List<NextStep> steps) {
        if (facts.shortage() != null) {
            facts.shortage().actions().forEach(action -> steps.add(step(action, facts)));
        }
        OrganizationChecks checks = new OrganizationChecks(facts);
        for (Check check : checks.all()) {
            switch (check.check()) {
                case PERIOD -> addUnlessPassed(check, steps, recordRoll(facts));
                case REPLAY -> addUnlessPassed(check, steps, mendLists(facts));
                case CHAIN -> addUnlessPassed(check, steps, findOutWhoChangedHistory(facts));
                case PERSON, ORGANIZATION, MEMBERSHIP, REFUSED_CALLS, BASE, PACKS, HOLDS, LIMIT, REJECTIONS -> {}
            }
        }
    }

    private static void addUnlessPassed(Check check, List<NextStep> steps, NextStep step) {
        if (!check.passes()) {
            steps.add(step);
        }
    }

    private static NextStep step(Action action, OrganizationFacts facts) {
        Numbers organization = Numbers.of("organizationId", facts.id());
        return switch (action) {
            case Action.PurchaseMinutes(Minutes minutes) ->
                new NextStep(
                        "purchase-overage",
                        "Buy at least %s: POST /v1/organizations/%s/overage-purchases."
                                .formatted(Wording.minutes(minutes), facts.id()),
                        organization.and("minutes", minutes.value()).all());
            case Action.WaitForRenewal(Instant at) ->
                new NextStep(
                        "wait-for-renewal",
                        "Wait until %s, when base minutes renew.".formatted(Wording.date(at, facts.zone())),
                        organization.and("at", at).all());
            case Action.ReleaseReservations(List<ReservationId> ids) ->
                new NextStep(
                        "release-reservation",
                        "Release what no upload needs any more: %s (POST /v1/organizations/%s/reservations/{reservationId}/release)."
                                .formatted(
                                        ids.stream().map(id -> told(id, facts)).collect(Collectors.joining(", ")),
                                        facts.id()),
                        organization.and("ids", texts(ids)).all());
        };
    }

    private static String told(ReservationId id, OrganizationFacts facts) {
        Stream<OpenHold> held = facts.holds().stream()
                .filter(open -> open.hold().reservationId().equals(id));
        return held.findFirst()
                .map(open -> "%s (%s, %s old)"
                        .formatted(id, Wording.minutes(open.hold().minutes()), Wording.age(open.age(facts.asOf()))))
                .orElse(id.value());
    }

    private static NextStep recordRoll(OrganizationFacts facts) {
        return new NextStep(
                "record-roll",
                "Nothing is lost, but see that a service runs: its scheduler records the roll (POST "
                        + "/v1/organizations/%s/period-rolls does it by hand).".formatted(facts.id()),
                Numbers.of("organizationId", facts.id()).all());
    }

    private static NextStep mendLists(OrganizationFacts facts) {
        boolean wrong = !facts.replay().differences().isEmpty();
        return new NextStep(
                wrong ? "rebuild-read-models" : "await-read-models",
                wrong
                        ? "Trust the events: rebuild the read models, and find out who wrote to them."
                        : "See that a service runs and why its read models stand still: GET /actuator/health/readiness.",
                Numbers.of("organizationId", facts.id()).all());
    }

    private static NextStep findOutWhoChangedHistory(OrganizationFacts facts) {
        return new NextStep(
                "verify-audit",
                "Keep the database as it is and find out who wrote to it: ./ledger audit verify --organization %s, and "
                                .formatted(facts.id())
                        + "compare with a back-up.",
                Numbers.of("organizationId", facts.id()).all());
    }

    private static String path(Membership membership) {
        return "/v1/organizations/%s/members/%s".formatted(membership.organizationId(), membership.userId());
    }

    private static List<String> texts(List<?> ids) {
        return ids.stream().map(Object::toString).toList();
    }
}
