package dev.usageledger.api.cli;

import picocli.CommandLine.Option;

/** How much at a time, for the subcommands that go through all events. */
final class WorkersOption {
    /** A worker has two connections, and other work has some. */
    private static final int MOST = 8;

    @Option(
            names = "--workers",
            paramLabel = "<number>",
            description = "how many work at a time (default: one per core)")
    int workers;

    int number() {
        int wanted = workers > 0 ? workers : Runtime.getRuntime().availableProcessors();
        return Math.min(wanted, MOST);
    }
}
