package dev.usageledger.api.cli;

import dev.usageledger.api.audit.AuditDirectory;
import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.EventRows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "sign",
        description = {
            "Signs the heads of all chains now, as the service does every ten minutes: before a back-up, or before",
            "signed heads are copied to another machine."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class AuditSignCommand implements Callable<Integer> {
    @Mixin
    DataOption data = new DataOption();

    @Override
    public Integer call() throws SQLException {
        try (var ledger = OpenLedger.in(data);
                Connection connection = ledger.database().getConnection()) {
            var audit = new AuditDirectory(ledger.directory());
            Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
            Optional<Path> signed = audit.heads()
                    .write(new EventRows(ledger.database()), EventHistory.settled(connection), now, audit.signingKey());
            System.out.println(signed.map(file -> "Signed: " + file)
                    .orElse("Nothing has been recorded since they were last signed."));
            return 0;
        }
    }
}
