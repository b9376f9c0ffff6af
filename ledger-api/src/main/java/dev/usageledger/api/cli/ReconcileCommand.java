package dev.usageledger.api.cli;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.wiring.PolicySettings;
import dev.usageledger.projections.MissingEventException;
import dev.usageledger.projections.rebuild.RebuildFailedException;
import dev.usageledger.projections.rebuild.RebuildProgress;
import dev.usageledger.projections.rebuild.Reconciliation;
import dev.usageledger.projections.rebuild.Reconciliation.Reconciled;
import dev.usageledger.projections.rebuild.Reconciliation.Remedy;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "reconcile",
        description = {
            "Tells every difference between the read models and what all events make of them, row by row. Changes",
            "nothing, also while services run. Exit code 0: no difference, 1: some, 2: could not be told."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ReconcileCommand implements Callable<Integer> {
    private static final int DRIFT = 1;
    private static final int COULD_NOT_RUN = 2;

    @Mixin
    DataOption data = new DataOption();

    @Mixin
    WorkersOption workers = new WorkersOption();

    @Option(names = "--repair", description = "put the rebuilt tables in the place of the live ones if they differ")
    boolean repair;

    @Option(names = "--json", description = "one JSON object per line: a row that differs, and at last the totals")
    boolean json;

    @Option(
            names = "--most",
            paramLabel = "<number>",
            defaultValue = "100",
            description = "how many rows to tell; totals count all of them (default: ${DEFAULT-VALUE})")
    long most;

    @Override
    public Integer call() {
        try (OpenLedger ledger = OpenLedger.in(data)) {
            return reconcile(ledger);
        } catch (RebuildFailedException | MissingEventException | CannotStartException | SQLException e) {
            System.err.println("ledger: " + e.getMessage());
            return COULD_NOT_RUN;
        }
    }

    private int reconcile(OpenLedger ledger) throws SQLException {
        var reconciliation = new Reconciliation(
                ledger.database(), PolicySettings.ofEnvironment().policy(), workers.number());
        var progress = new RebuildProgress();
        PrintStream out = System.out;
        DriftReport report = json ? new DriftReport.Json(out, most) : new DriftReport.Text(out, most);
        Reconciled reconciled;
        try (ProgressBar bar = ProgressBar.of("Reconciling", progress)) {
            reconciled = reconciliation.run(repair ? Remedy.REPAIR : Remedy.NONE, progress, report::add);
        }
        report.finish(reconciled, progress.events());
        return reconciled.differences() == 0 ? 0 : DRIFT;
    }
}
