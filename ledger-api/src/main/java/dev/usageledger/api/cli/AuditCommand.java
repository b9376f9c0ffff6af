package dev.usageledger.api.cli;

import picocli.CommandLine.Command;

@Command(
        name = "audit",
        description = "Proves that the ledger is as it was recorded.",
        mixinStandardHelpOptions = true,
        subcommands = {
            AuditVerifyCommand.class,
            AuditSignCommand.class,
            AuditExportCommand.class,
            AuditCheckCommand.class
        })
final class AuditCommand {}
