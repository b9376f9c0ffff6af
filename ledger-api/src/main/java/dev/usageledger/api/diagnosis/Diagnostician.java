package dev.usageledger.api.diagnosis;

import dev.usageledger.api.diagnosis.Diagnosis.Person;
import dev.usageledger.api.diagnosis.Diagnosis.Result;
import dev.usageledger.audit.ChainVerification;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.OrganizationId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Looks into a complaint: gathers facts, checks them, and says in one sentence why, and what to do. Changes nothing. */
@Component
public final class Diagnostician {
    /** How many of a person's organizations are looked at; more are only counted. */
    private static final int MOST_ORGANIZATIONS = 5;

    private final Facts facts;

    public Diagnostician(Ledger ledger, DataSource database, ChainVerification chains) {
        this.facts = new Facts(ledger, database, chains);
    }

    /** @param fullReplay replays the organization's events however many there are, which can take minutes */
    public Diagnosis look(Complaint complaint, Instant now, boolean fullReplay) {
        PersonFacts person = complaint.isOfPerson() ? facts.ofPerson(complaint) : null;
        List<OrganizationFacts> organizations = lookedAt(complaint, person)
                .limit(MOST_ORGANIZATIONS)
                .map(id -> facts.ofOrganization(id, now, fullReplay))
                .flatMap(Optional::stream)
                .toList();
        if (complaint.organizationId() != null && organizations.isEmpty()) {
            return unknown(complaint, now);
        }
        List<Check> checks = new ArrayList<>();
        if (person != null) {
            checks.addAll(new PersonChecks(person, now).all());
        }
        organizations.forEach(one -> checks.addAll(new OrganizationChecks(one).all()));
        return new Diagnosis(
                result(person, checks),
                new Verdict(person, organizations, now).sentence(),
                person == null ? null : person(person),
                checks,
                new Advice(person, organizations).steps(),
                now);
    }

    private static Stream<OrganizationId> lookedAt(Complaint complaint, @Nullable PersonFacts person) {
        OrganizationId named = complaint.organizationId();
        return named != null || person == null ? Stream.ofNullable(named) : person.organizations().stream();
    }

    private static Result result(@Nullable PersonFacts person, List<Check> checks) {
        if (person != null && !person.isKnown()) {
            return Result.UNKNOWN;
        }
        return checks.stream().allMatch(Check::passes) ? Result.WELL : Result.FOUND;
    }

    private static Person person(PersonFacts person) {
        return new Person(
                person.email(),
                person.userIds().stream().map(Object::toString).toList(),
                person.organizations().stream().map(Object::toString).toList());
    }

    private static Diagnosis unknown(Complaint complaint, Instant now) {
        return new Diagnosis(
                Result.UNKNOWN,
                "No ledger has been opened for organization %s.".formatted(complaint.organizationId()),
                null,
                List.of(),
                List.of(new NextStep(
                        "open-organization",
                        "Open it: PUT /v1/organizations/%s.".formatted(complaint.organizationId()),
                        Numbers.of("organizationId", String.valueOf(complaint.organizationId()))
                                .all())),
                now);
    }
}
