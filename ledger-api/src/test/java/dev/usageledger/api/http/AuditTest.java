package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.api.audit.AuditDirectory;
import dev.usageledger.api.audit.HeadSigning;
import dev.usageledger.audit.AuditCheck;
import dev.usageledger.audit.ChainVerification;
import dev.usageledger.audit.PeriodStatement;
import dev.usageledger.audit.VerifyingKey;
import dev.usageledger.engine.EventRows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditTest {
    private final Service service = Service.shared();
    private final Client client = service.client();

    @Test
    void a_history_proves_itself_to_whoever_has_the_file() throws Exception {
        String organization = TestOrganization.opened(client, 100, "HARD");
        client.post(organization + "/overage-purchases", """
                {"purchaseId": "p1", "minutes": 50}""").is(200);
        client.post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 110, "userId": "ada"}""").is(200);

        Reply file = client.get(organization + "/audit").is(200);

        assertThat(file.header("Content-Type")).hasValue("application/x-ndjson");
        assertThat(file.header("Content-Disposition"))
                .hasValue("attachment; filename=\"%s.audit.ndjson\"".formatted(TestOrganization.id(organization)));
        AuditCheck.Result result = check(file);
        assertThat(result.organizationId()).isEqualTo(TestOrganization.id(organization));
        assertThat(result.signedBy().fingerprint()).isEqualTo(publicKey().fingerprint());
        Reply usage = client.get(organization + "/usage");
        PeriodStatement statement = result.statements().getLast();
        assertThat(statement.used()).isEqualTo(usage.number("/usedMinutes")).isEqualTo(110);
        assertThat(statement.overage()).isEqualTo(usage.number("/overage/used")).isEqualTo(10);
        assertThat(result.balance().remaining()).isEqualTo(usage.number("/remainingMinutes"));
    }

    @Test
    void a_part_of_a_history_begins_where_it_is_asked_to() throws Exception {
        String organization = TestOrganization.opened(client, 100, "HARD");

        assertThat(check(client.get(organization + "/audit?to=2001-01-01T00:00:00Z")
                                .is(200))
                        .balance())
                .isNull();
        assertThat(check(client.get(organization + "/audit?from=2999-01-01T00:00:00Z")
                        .is(200)))
                .satisfies(result -> assertThat(result.events()).isZero())
                .satisfies(result -> assertThat(result.balance().remaining()).isEqualTo(100));
        assertThat(client.get(organization + "/audit?from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:00Z")
                        .faults())
                .containsExactly("/from");
        client.get(TestOrganization.unknown() + "/audit").isProblem(404, "organization-not-found");
    }

    @Test
    void heads_are_signed_into_the_data_directory_with_a_key_for_its_owner_alone() throws Exception {
        TestOrganization.opened(client, 100, "HARD");
        AuditDirectory directory = service.bean(AuditDirectory.class);

        service.bean(HeadSigning.class).sign();

        ChainVerification.Report report = new ChainVerification(
                        new EventRows(service.database()), directory.heads(), publicKey())
                .all(read -> {});
        assertThat(report.signed().faults()).isEmpty();
        assertThat(report.signed().position()).isPositive();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                        directory.publicKeyFile().getParent().resolveSibling("secrets/audit-signing-key"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(directory.publicKeyFile())).doesNotContain("PRIVATE");
    }

    @Test
    void of_a_day_gone_by_one_file_of_signed_heads_is_kept() throws Exception {
        Service withClock = Service.sharedWithTestClock();
        HeadSigning signing = withClock.bean(HeadSigning.class);
        Client client = withClock.client();
        Instant day = Instant.parse(client.get("/v1/test-clock").string("/now"))
                .truncatedTo(ChronoUnit.DAYS)
                .plus(1, ChronoUnit.DAYS);
        List<Path> files = new ArrayList<>();
        for (int hour : new int[] {1, 2, 3, 25}) {
            move(client, day.plus(hour, ChronoUnit.HOURS));
            TestOrganization.opened(client, 100, "HARD");
            files.add(signing.sign().orElseThrow());
        }

        move(client, day.plus(3, ChronoUnit.DAYS));
        signing.sign();

        assertThat(files.subList(0, 2)).allMatch(Files::notExists);
        assertThat(files.subList(2, 4)).allMatch(Files::exists);
    }

    private static void move(Client client, Instant to) {
        client.post("/v1/test-clock", """
                {"now": "%s"}""".formatted(to)).is(200);
    }

    private VerifyingKey publicKey() throws IOException {
        return VerifyingKey.of(
                Files.readString(service.bean(AuditDirectory.class).publicKeyFile()));
    }

    private static AuditCheck.Result check(Reply file) throws IOException {
        return AuditCheck.of(new BufferedReader(new StringReader(file.text())));
    }
}
