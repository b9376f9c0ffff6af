package dev.usageledger.api.cli;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.engine.LedgerUnavailableException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the command line. A fault that a person can mend is told in one line, without a stack trace. */
@Command(
        name = "ledger",
        description = "An event-sourced ledger for minutes.",
        mixinStandardHelpOptions = true,
        subcommands = {
            StartCommand.class,
            RebuildCommand.class,
            ReconcileCommand.class,
            AuditCommand.class,
            DiagnoseCommand.class,
            EraseCommand.class
        })
public final class LedgerCommand {
    private LedgerCommand() {}

    /** Runs one command line, and returns its exit code; a service that was started goes on after that. */
    public static int execute(String... arguments) {
        return new CommandLine(new LedgerCommand())
                .setExecutionExceptionHandler(LedgerCommand::explain)
                .execute(arguments);
    }

    private static int explain(Exception fault, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (fault instanceof CannotStartException || fault instanceof LedgerUnavailableException) {
            command.getErr().println("ledger: " + fault.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        }
        throw fault;
    }
}
