package dev.usageledger.api.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where everything is kept, for every subcommand that has to know. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "<directory>",
            defaultValue = "${env:LEDGER_DATA}",
            description = "where the embedded PostgreSQL keeps everything (default: .ledger, or LEDGER_DATA)")
    @Nullable
    Path data;

    /** The directory that was named, or else the standard one. */
    Path path() {
        return data == null ? standard() : data;
    }

    /** The directory that was named, or else one apart from the standard one. */
    Path pathApart(String name) {
        return data == null ? standard().resolve(name) : data;
    }

    private static Path standard() {
        return Path.of(System.getProperty("ledger.home", "."), ".ledger");
    }
}
