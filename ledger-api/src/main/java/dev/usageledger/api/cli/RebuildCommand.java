package dev.usageledger.api.cli;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.wiring.PolicySettings;
import dev.usageledger.projections.rebuild.Rebuild;
import dev.usageledger.projections.rebuild.RebuildFailedException;
import dev.usageledger.projections.rebuild.RebuildProgress;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "rebuild",
        description = {
            "Builds projections anew from all events, beside the live ones, and swaps them in: also while services",
            "run and dashboards read. Whatever stops it leaves the live ones as they were; start it again then."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class RebuildCommand implements Callable<Integer> {
    @Mixin
    DataOption data = new DataOption();

    @Mixin
    WorkersOption workers = new WorkersOption();

    @Parameters(
            paramLabel = "<projection>",
            description = "organization_usage, transcriptions, … (default: all of them)")
    List<String> projections = List.of();

    @Override
    public Integer call() throws SQLException {
        try (OpenLedger ledger = OpenLedger.in(data)) {
            var rebuild = new Rebuild(
                    ledger.database(), PolicySettings.ofEnvironment().policy(), workers.number());
            var progress = new RebuildProgress();
            Rebuild.Rebuilt rebuilt;
            try (ProgressBar bar = ProgressBar.of("Rebuilding", progress)) {
                rebuilt = rebuild.run(projections, progress);
            }
            System.out.printf(
                    "Rebuilt %s from %,d events; they contain everything up to position %,d.%n",
                    String.join(", ", rebuilt.tables()), progress.events(), rebuilt.position());
            return 0;
        } catch (RebuildFailedException e) {
            throw new CannotStartException(String.valueOf(e.getMessage()), e);
        }
    }
}
