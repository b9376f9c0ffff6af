package dev.usageledger.engine;

/**
 * How the ledger shares its work. The standard is what was measured best; the rules of the ledger do not depend on it.
 *
 * @param lanes how many single writers there are; 0 gives every command a transaction of its own, as Axon does
 * @param batch the most commands that share a commit
 * @param queue the most commands that wait in one lane; one more is refused
 * @param organizationsKept the most organizations that are kept in memory
 */
public record LedgerSettings(int lanes, int batch, int queue, int organizationsKept) {
    public static final LedgerSettings STANDARD = new LedgerSettings(2, 1_024, 16_384, 100_000);

    public LedgerSettings {
        if (lanes < 0 || batch < 1 || queue < 1 || organizationsKept < 1) {
            throw new IllegalArgumentException("settings must be positive: lanes " + lanes + ", batch " + batch
                    + ", queue " + queue + ", organizationsKept " + organizationsKept);
        }
    }

    /** One transaction per command: what lanes are measured against. */
    public LedgerSettings withoutLanes() {
        return new LedgerSettings(0, batch, queue, organizationsKept);
    }
}
