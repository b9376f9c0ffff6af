package dev.usageledger.api.diagnosis;

import static dev.usageledger.api.diagnosis.PersonChecks.since;

import dev.usageledger.api.rejections.RejectionRow;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.Rejection.InsufficientMinutes;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why a person sees what they see: the first reason that explains it, in one sentence. */
record Verdict(@Nullable PersonFacts person, List<OrganizationFacts> organizations, Instant now) {
    String sentence() {
        if (person == null) {
            return howTheyStand(" ");
        }
        int memberships = person.organizations().size();
        if (!person.isKnown()) {
            return person.email() == null
                    ? "Nobody knows %s: no organization has or had them as a member.".formatted(person.name())
                    : "Nobody is known by %s: no organization has a member with this address.".formatted(person.name());
        }
        if (memberships == 0) {
            return "%s belongs to no organization, so nobody would be billed and every transcription of theirs is refused."
                    .formatted(person.name());
        }
        if (organizations.stream().noneMatch(this::isOfPerson)) {
            return "%s is no member of %s".formatted(person.name(), howTheyStand(", which "));
        }
        return memberships == 1
                ? "%s belongs to %s".formatted(person.name(), howTheyStand(", which "))
                : "%s belongs to %s, so a transcription that names none of them is refused; %s"
                        .formatted(person.name(), Wording.count(memberships, "organization"), howTheyStand(" "));
    }

    private boolean isOfPerson(OrganizationFacts facts) {
        return person != null && person.organizations().contains(facts.balance().organizationId());
    }

    private String howTheyStand(String joint) {
        return organizations.stream()
                .map(facts -> "%s (%s)%s%s".formatted(facts.balance().name(), facts.id(), joint, state(facts)))
                .collect(Collectors.joining("; ", "", "."));
    }

    private String state(OrganizationFacts facts) {
        Balance balance = facts.balance();
        Minutes remaining = balance.remaining();
        InsufficientMinutes shortage = facts.shortage();
        if (remaining == null) {
            return "has unlimited minutes" + wrong(facts);
        }
        if (facts.refusesAll()) {
            return "has no minutes left: " + spent(facts) + wrong(facts);
        }
        String left = "has " + Wording.minutes(remaining) + " left (" + balance.baseRemaining() + " base + "
                + balance.overageRemaining() + " overage"
                + (balance.held().isZero() ? ")" : " - " + balance.held() + " held)");
        if (shortage != null) {
            return left + ", " + shortage.shortBy() + " fewer than the " + shortage.requested()
                    + " that an upload asked for last" + wrong(facts);
        }
        if (balance.plan().limit() == Plan.Limit.SOFT && remaining.isZero()) {
            return left + " and a SOFT limit, so uploads go on" + wrong(facts);
        }
        return left + refusedBefore(facts) + wrong(facts);
    }

    /** Where it all has gone. */
    private static String spent(OrganizationFacts facts) {
        Balance balance = facts.balance();
        Minutes included = Objects.requireNonNull(balance.plan().includedMinutes());
        String until = ", until base renews on " + Wording.date(balance.period().end(), facts.zone());
        if (!facts.unspent().isZero()) {
            return "%s unspent, but all held by %s in flight"
                    .formatted(
                            Wording.minutes(facts.unspent()),
                            Wording.count(facts.holds().size(), "upload"));
        }
        String base = included.isZero() ? "its plan includes none" : "all " + included + " base minutes are spent";
        String packs = facts.packTotals().packs() == 0 ? " and no pack was ever bought" : " and so are its packs";
        return base + packs + (included.isZero() ? "" : until);
    }

    private String refusedBefore(OrganizationFacts facts) {
        return facts.lastInsufficient()
                .map(rejection -> ", so what was refused " + ago(rejection) + " would be let through now")
                .orElse("");
    }

    private String ago(RejectionRow rejection) {
        return Wording.age(since(rejection.at(), now)) + " ago";
    }

    private static String wrong(OrganizationFacts facts) {
        String lists =
                facts.replay().differences().isEmpty() ? "" : ", while lists show other numbers than its events give";
        boolean changed = facts.chain() != null && !facts.chain().findings().isEmpty();
        return lists + (changed ? ", while its history is not as it was recorded" : "");
    }
}
