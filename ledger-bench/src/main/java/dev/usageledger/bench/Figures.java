package dev.usageledger.bench;

/**
 * What one run came to.
 *
 * @param perSecond commands (or requests, where nothing is recorded) that were answered per second
 * @param p50 the time, in milliseconds, that half of the requests took no more than
 * @param acknowledged how many commands were acknowledged and then found in the store, each once
 * @param behind how many events the read models were behind at the end
 */
record Figures(double perSecond, double p50, double p99, double p999, long acknowledged, Cores cores, long behind) {
    static Figures of(Tally tally, Cores cores, long behind) {
        return new Figures(
                tally.perSecond(),
                tally.millis(50),
                tally.millis(99),
                tally.millis(99.9),
                tally.acknowledged(),
                cores,
                behind);
    }
}
