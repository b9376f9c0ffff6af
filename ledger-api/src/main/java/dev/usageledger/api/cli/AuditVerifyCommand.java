package dev.usageledger.api.cli;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.audit.AuditDirectory;
import dev.usageledger.audit.ChainVerification;
import dev.usageledger.audit.ChainVerification.Report;
import dev.usageledger.audit.Finding;
import dev.usageledger.audit.SignedHeads;
import dev.usageledger.audit.SignedHeads.Signed;
import dev.usageledger.audit.VerifyingKey;
import dev.usageledger.engine.EventRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = {
            "Follows the hash chain of every organization, compares it with the signed heads, and names the first",
            "event of each organization that is not as it was recorded. Changes nothing."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all events are as they were recorded", "1:some are not", "2:it could not be told"},
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AuditVerifyCommand implements Callable<Integer> {
    @Mixin
    DataOption data = new DataOption();

    @Option(names = "--organization", paramLabel = "<id>", description = "one organization alone")
    @Nullable
    String organization;

    @Option(
            names = "--heads",
            paramLabel = "<directory>",
            description = "copies of the signed heads that are kept elsewhere (default: those in the data directory)")
    @Nullable
    Path heads;

    @Option(
            names = "--key",
            paramLabel = "<file>",
            description = "the public key that heads were signed with, as it was once handed out, in PEM")
    @Nullable
    Path key;

    @Override
    public Integer call() throws IOException {
        try (var ledger = OpenLedger.in(data)) {
            var audit = new AuditDirectory(ledger.directory());
            var verification = new ChainVerification(
                    new EventRows(ledger.database()),
                    heads == null ? audit.heads() : new SignedHeads(heads),
                    key == null ? audit.verifyingKey().orElse(null) : read(key));
            Report report = organization == null
                    ? verification.all(AuditVerifyCommand::progress)
                    : verification.of(organization);
            System.out.print(text(report));
            return report.isSound() ? 0 : 1;
        }
    }

    private static VerifyingKey read(Path file) throws IOException {
        try {
            return VerifyingKey.of(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new CannotStartException("%s holds no public key: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static void progress(long events) {
        if (Boolean.getBoolean("ledger.terminal")) {
            System.err.printf("\r%,d events\r", events);
        }
    }

    private static String text(Report report) {
        var text = new StringBuilder();
        for (Finding finding : report.findings()) {
            text.append("✗ %s, event %d: %s (%s)%n"
                    .formatted(
                            finding.organizationId(),
                            finding.sequence(),
                            finding.says(),
                            finding.kind().name().toLowerCase(Locale.ROOT)));
        }
        report.signed().faults().forEach(fault -> text.append("✗ signed heads %s%n".formatted(fault)));
        text.append("%s %s of %s, %s.%n"
                .formatted(
                        report.isSound() ? "✓" : "✗",
                        count(report.events(), "event"),
                        count(report.organizations(), "organization"),
                        report.isSound()
                                ? "each as it was recorded"
                                : "%s with an event that is not as it was recorded"
                                        .formatted(count(report.findings().size(), "organization"))));
        return text.append(signed(report)).toString();
    }

    private static String count(long number, String of) {
        return "%,d %s%s".formatted(number, of, number == 1 ? "" : "s");
    }

    private static String signed(Report report) {
        Signed signed = report.signed();
        return signed.at() == null
                ? "  No heads have been signed yet: that the end of a history is missing would not show.%n".formatted()
                : "  Signed heads up to position %d, of %s; %,d events are newer.%n"
                        .formatted(signed.position(), signed.at(), report.unsigned());
    }
}
