package dev.usageledger.api.cli;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.audit.AuditCheck;
import dev.usageledger.audit.AuditCheck.Result;
import dev.usageledger.audit.AuditFailedException;
import dev.usageledger.audit.ClosingBalance;
import dev.usageledger.audit.PeriodStatement;
import dev.usageledger.audit.VerifyingKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = {
            "Checks an exported history with no database: its signature, its chain, and that statements and balance",
            "are what the rules make of its events."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:it is sound", "1:it proves nothing", "2:it could not be read"},
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AuditCheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "<file>", description = "what ./ledger audit export wrote")
    Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "<file>",
            description = "the public key that it has to be signed with, in PEM (default: whichever it names)")
    @Nullable
    Path key;

    @Override
    public Integer call() throws IOException {
        VerifyingKey expected = key == null ? null : VerifyingKey.of(Files.readString(key));
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            Result result = AuditCheck.of(reader);
            if (expected != null
                    && !expected.fingerprint().equals(result.signedBy().fingerprint())) {
                throw new AuditFailedException("it was signed by another key, %s"
                        .formatted(result.signedBy().fingerprint()));
            }
            System.out.print(text(result, expected != null));
            return 0;
        } catch (AuditFailedException e) {
            System.out.printf("✗ %s: %s%n", file, e.getMessage());
            return 1;
        } catch (NoSuchFileException e) {
            throw new CannotStartException("There is no file %s.".formatted(e.getFile()), e);
        }
    }

    private static String text(Result result, boolean keyWasGiven) {
        var text = new StringBuilder();
        text.append("✓ %s: %,d events%s%s, each as it was recorded%n"
                .formatted(
                        result.organizationId(),
                        result.events(),
                        result.from() == null ? " from the first" : " from " + result.from(),
                        result.to() == null ? " to " + result.exportedAt() : " to before " + result.to()));
        text.append("✓ signed by %s%s%n"
                .formatted(
                        result.signedBy().fingerprint(),
                        keyWasGiven ? ", the key that was given" : "; compare it with the key that you were given"));
        text.append("✓ statements and balance are what the events come to%n%n".formatted());
        text.append("  %-10s  %-10s  %9s  %9s  %9s  %9s  %9s%n"
                .formatted("from", "until", "included", "used", "base", "overage", "uncovered"));
        result.statements().forEach(statement -> text.append(line(statement)));
        return text.append(balance(result.balance())).toString();
    }

    private static String line(PeriodStatement statement) {
        return "  %.10s  %.10s  %9s  %,9d  %,9d  %,9d  %,9d%n"
                .formatted(
                        statement.start(),
                        statement.end(),
                        statement.included() == null ? "unlimited" : "%,d".formatted(statement.included()),
                        statement.used(),
                        statement.base(),
                        statement.overage(),
                        statement.uncovered());
    }

    private static String balance(@Nullable ClosingBalance balance) {
        if (balance == null) {
            return "  Nothing had been recorded by then.%n".formatted();
        }
        String remaining = balance.remaining() == null
                ? "unlimited"
                : "%,d minutes remaining: %,d base + %,d overage − %,d held"
                        .formatted(
                                balance.remaining(),
                                balance.baseRemaining(),
                                balance.overageRemaining(),
                                balance.held());
        return "%n  After the last of these events: %s.%n".formatted(remaining);
    }
}
