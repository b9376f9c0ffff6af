package dev.usageledger.bench;

/** A way of doing the work that is measured. */
interface Way extends AutoCloseable {
    /**
     * Lets the clients of a load work until its time is over.
     *
     * @throws BenchmarkFailedException when something was not acknowledged
     */
    Tally run(Load load) throws Exception;

    /**
     * Holds what was acknowledged against what is stored.
     *
     * @throws BenchmarkFailedException when they differ
     */
    void verify(Tally tally) throws Exception;

    @Override
    void close();
}
