/** The command line: one class per subcommand of {@code ./ledger}. */
package dev.usageledger.api.cli;
