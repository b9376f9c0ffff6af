package dev.usageledger.api.cli;

import dev.usageledger.api.access.MemberEmails;
import dev.usageledger.api.audit.AuditDirectory;
import dev.usageledger.api.clock.TestClock;
import dev.usageledger.api.diagnosis.Complaint;
import dev.usageledger.api.diagnosis.Diagnosis;
import dev.usageledger.api.diagnosis.Diagnostician;
import dev.usageledger.engine.LaneMetrics;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.LedgerSettings;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "diagnose",
        description = {
            "Says why a person sees what they see: from the e-mail address to the organizations and what is the matter",
            "with them, and what to do. Works beside a running service and without one, and changes nothing."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeOnExecutionException = DiagnoseCommand.COULD_NOT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is well",
            "1:something was found",
            "2:nobody is known by that, or it could not be looked into"
        })
final class DiagnoseCommand implements Callable<Integer> {
    static final int COULD_NOT = 2;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "<email>", description = "the person's e-mail address")
    @Nullable
    String email;

    @Option(names = "--user", paramLabel = "<userId>", description = "the person by identifier, in place of an address")
    @Nullable
    String userId;

    @Option(
            names = "--organization",
            paramLabel = "<organizationId>",
            description = "look at this organization alone, with a person or without")
    @Nullable
    String organizationId;

    @Option(names = "--full-replay", description = "replay the events however many there are; can take minutes")
    boolean fullReplay;

    @Option(names = "--json", description = "answer as GET /v1/diagnoses does")
    boolean json;

    @Mixin
    DataOption data = new DataOption();

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        Diagnosis diagnosis = diagnosis(complaint(line));
        line.getOut()
                .print(
                        json
                                ? JSON.writeValueAsString(diagnosis) + System.lineSeparator()
                                : DiagnosisReport.of(diagnosis, System.out.charset()));
        line.getOut().flush();
        return switch (diagnosis.result()) {
            case WELL -> 0;
            case FOUND -> 1;
            case UNKNOWN -> COULD_NOT;
        };
    }

    private Complaint complaint(CommandLine line) {
        try {
            return new Complaint(
                    email == null ? null : MemberEmails.normalized(email),
                    userId == null ? null : new UserId(userId),
                    organizationId == null ? null : new OrganizationId(organizationId));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line, "ledger: " + e.getMessage(), e);
        }
    }

    private Diagnosis diagnosis(Complaint complaint) {
        try (OpenLedger open = OpenLedger.in(data);
                Ledger ledger = ledger(open.database())) {
            return new Diagnostician(
                            ledger, open.database(), new AuditDirectory(open.directory()).verification(open.database()))
                    .look(complaint, now(open.database()), fullReplay);
        }
    }

    // It sends no command, so it needs no lanes, and the settings of the rules have no say.
    private static Ledger ledger(DataSource database) {
        return new Ledger(database, LedgerPolicy.STANDARD, LedgerSettings.STANDARD.withoutLanes(), LaneMetrics.NONE);
    }

    private static Instant now(DataSource database) {
        return TestClock.lastKept(JdbcClient.create(database))
                .orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.MICROS));
    }
}
