package dev.usageledger.api.http.diagnosis;

import dev.usageledger.api.access.MemberEmails;
import dev.usageledger.api.diagnosis.Complaint;
import dev.usageledger.api.diagnosis.Diagnosis;
import dev.usageledger.api.diagnosis.Diagnostician;
import dev.usageledger.api.http.HttpSettings;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.api.rejections.RejectionLog;
import dev.usageledger.engine.Ledger;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.processing.ReadModels;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Looking into a complaint. */
@RestController
class DiagnosisCalls {
    private final Diagnostician diagnostician;
    private final RejectionLog rejections;
    private final ReadModels readModels;
    private final Ledger ledger;
    private final HttpSettings settings;

    DiagnosisCalls(
            Diagnostician diagnostician,
            RejectionLog rejections,
            ReadModels readModels,
            Ledger ledger,
            HttpSettings settings) {
        this.diagnostician = diagnostician;
        this.rejections = rejections;
        this.readModels = readModels;
        this.ledger = ledger;
        this.settings = settings;
    }

    private enum Replay {
        BOUNDED,
        FULL
    }

    @GetMapping(path = "/v1/diagnoses", produces = "application/json")
    Diagnosis diagnose(Request request) {
        var email = request.query("email", MemberEmails::normalized);
        var userId = request.query("userId", UserId::new);
        var organizationId = request.query("organizationId", OrganizationId::new);
        var replay = request.query("replay", Text.word(Replay.class, Text::kebab));
        Complaint complaint =
                request.complete(() -> new Complaint(email.orNull(), userId.orNull(), organizationId.orNull()));
        rejections.store();
        letListsFollow();
        return diagnostician.look(complaint, request.receivedAt(), replay.or(Replay.BOUNDED) == Replay.FULL);
    }

    /** Lists that do not follow are a finding, and no reason to find nothing. */
    private void letListsFollow() {
        try {
            readModels.awaitPosition(ledger.head(), settings.longestWait());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
