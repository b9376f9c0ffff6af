package dev.usageledger.engine;

import java.util.function.IntSupplier;

/** What lanes tell about themselves. Called from lanes, so it must not wait. */
public interface LaneMetrics {
    /** For those who do not want to know. */
    LaneMetrics NONE = new LaneMetrics() {
        @Override
        public void observeQueue(IntSupplier waiting) {}

        @Override
        public void committed(int commands, long nanos) {}

        @Override
        public void repeated() {}
    };

    /** Hands over where to read how many commands wait, once. */
    void observeQueue(IntSupplier waiting);

    /** A batch of so many commands was committed in so many nanoseconds, with the look before it if there was one. */
    void committed(int commands, long nanos);

    /** A batch did not commit, because another node was first or the connection broke. */
    void repeated();
}
