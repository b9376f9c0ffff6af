package dev.usageledger.api.diagnosis;

import dev.usageledger.api.diagnosis.Check.Name;
import dev.usageledger.api.diagnosis.Check.Outcome;
import dev.usageledger.api.rejections.RejectionRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What can be wrong with a person: nobody by that address, no organization, several, or tables that do not fit. */
record PersonChecks(PersonFacts person, Instant now) {
    private static final Duration LATELY = Duration.ofDays(1);

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        checks.add(identity());
        if (person.isKnown()) {
            checks.add(organization());
            person.memberships().stream()
                    .filter(membership -> !membership.isMember() || !membership.listed())
                    .filter(membership -> membership.isMember() || membership.listed() || membership.addressKept())
                    .map(PersonChecks::unfitting)
                    .forEach(checks::add);
            checks.add(refusedCalls());
        }
        return checks;
    }

    private Check identity() {
        int people = person.userIds().size();
        Outcome outcome = !person.isKnown() ? Outcome.PROBLEM : people > 1 ? Outcome.ATTENTION : Outcome.OK;
        return new Check(
                Name.PERSON,
                null,
                outcome,
                identitySentence(),
                Numbers.of("users", people).all());
    }

    private String identitySentence() {
        if (!person.isKnown()) {
            return person.email() == null
                    ? "Nobody has added %s to an organization, and no call of theirs was refused lately."
                            .formatted(person.name())
                    : "No member of any organization has the address %s.".formatted(person.name());
        }
        if (person.userIds().size() > 1) {
            return "The address was given for %s."
                    .formatted(Wording.count(person.userIds().size(), "user"));
        }
        return person.email() == null
                ? "User %s is known.".formatted(person.name())
                : "The address is that of user %s.".formatted(person.userIds().getFirst());
    }

    private Check organization() {
        int organizations = person.organizations().size();
        Outcome outcome = switch (organizations) {
            case 0 -> Outcome.PROBLEM;
            case 1 -> Outcome.OK;
            default -> Outcome.ATTENTION;
        };
        String sentence = switch (organizations) {
            case 0 -> "Member of no organization%s.".formatted(left());
            case 1 ->
                "Member of one organization: %s."
                        .formatted(person.organizations().getFirst());
            default ->
                "Member of %s: %s; a transcription has to name which."
                        .formatted(Wording.count(organizations, "organization"), Wording.list(person.organizations()));
        };
        return new Check(
                Name.ORGANIZATION,
                null,
                outcome,
                sentence,
                Numbers.of("organizations", organizations).all());
    }

    private String left() {
        return person.memberships().stream()
                .filter(membership -> !membership.isMember())
                .flatMap(this::left)
                .findFirst()
                .orElse("");
    }

    private Stream<String> left(Membership membership) {
        return Stream.ofNullable(membership.removedAt())
                .map(at ->
                        "; removed from %s %s ago".formatted(membership.organizationId(), Wording.age(since(at, now))));
    }

    private static Check unfitting(Membership membership) {
        String organization = membership.organizationId().value();
        Numbers numbers = Numbers.of("userId", membership.userId().value())
                .and("member", membership.isMember())
                .and("listed", membership.listed())
                .and("addressKept", membership.addressKept());
        if (membership.isMember() != membership.listed()) {
            return new Check(
                    Name.MEMBERSHIP,
                    organization,
                    Outcome.PROBLEM,
                    membership.isMember()
                            ? "User %s is a member of %s, and is not in the list of members."
                                    .formatted(membership.userId(), organization)
                            : "User %s is in the list of members of %s, and is no member by the ledger."
                                    .formatted(membership.userId(), organization),
                    numbers.all());
        }
        return new Check(
                Name.MEMBERSHIP,
                organization,
                Outcome.ATTENTION,
                "The address is kept with %s, where user %s is no member.".formatted(organization, membership.userId()),
                numbers.all());
    }

    private Check refusedCalls() {
        Numbers numbers = Numbers.of("refused", person.refused().size());
        if (person.refused().isEmpty()) {
            return new Check(
                    Name.REFUSED_CALLS,
                    null,
                    Outcome.OK,
                    "No call was refused lately because it was unclear who pays.",
                    numbers.all());
        }
        RejectionRow last = person.refused().getFirst();
        return new Check(
                Name.REFUSED_CALLS,
                null,
                isLately(last.at(), now) ? Outcome.ATTENTION : Outcome.OK,
                "%s refused because it was unclear who pays; the last %s ago: %s"
                        .formatted(
                                Wording.count(person.refused().size(), "call"),
                                Wording.age(since(last.at(), now)),
                                OrganizationChecks.told(last)),
                numbers.and("last", OrganizationChecks.shown(last)).all());
    }

    static boolean isLately(Instant then, Instant now) {
        return since(then, now).compareTo(LATELY) <= 0;
    }

    static Duration since(Instant then, Instant now) {
        return then.isAfter(now) ? Duration.ZERO : Duration.between(then, now);
    }
}
