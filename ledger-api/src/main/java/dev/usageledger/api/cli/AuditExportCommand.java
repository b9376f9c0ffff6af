package dev.usageledger.api.cli;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.audit.AuditDirectory;
import dev.usageledger.audit.AuditExport;
import dev.usageledger.audit.BrokenChainException;
import dev.usageledger.engine.EventRows;
import dev.usageledger.organization.OrganizationId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = "Writes an organization's history with all that it takes to check it offline.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:written", "1:the history is not as it was recorded", "2:it could not be written"},
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AuditExportCommand implements Callable<Integer> {
    @Mixin
    DataOption data = new DataOption();

    @Option(names = "--organization", paramLabel = "<id>", required = true, description = "whose history")
    String organization = "";

    @Option(
            names = "--from",
            paramLabel = "<instant>",
            description = "events recorded at or after it (default: from the first, so that nothing is taken on trust)")
    @Nullable
    Instant from;

    @Option(
            names = "--to",
            paramLabel = "<instant>",
            description = "events recorded before it (default: all there are)")
    @Nullable
    Instant to;

    @Option(names = "--out", paramLabel = "<file>", description = "where to (default: standard output)")
    @Nullable
    Path out;

    @Override
    public Integer call() throws IOException {
        OrganizationId id = new OrganizationId(organization);
        try (var ledger = OpenLedger.in(data)) {
            var export = new AuditExport(
                    new EventRows(ledger.database()), new AuditDirectory(ledger.directory()).signingKey());
            if (out == null) {
                OutputStream standard = new BufferedOutputStream(System.out);
                write(export, id, standard);
                standard.flush();
            } else {
                write(export, id, out);
            }
            return 0;
        } catch (BrokenChainException e) {
            System.err.printf("ledger: %s. ./ledger audit verify tells more.%n", e.getMessage());
            return 1;
        }
    }

    /** Beside and renamed, so that no file is left that looks whole and is not. */
    private void write(AuditExport export, OrganizationId id, Path file) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(draft))) {
                write(export, id, to);
            }
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private void write(AuditExport export, OrganizationId id, OutputStream stream) throws IOException {
        if (!export.write(id, from, to, Instant.now().truncatedTo(ChronoUnit.MICROS), stream)) {
            throw new CannotStartException("There is no organization %s.".formatted(id));
        }
    }
}
