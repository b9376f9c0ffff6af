package dev.usageledger.bench;

/** What was measured is worth nothing: an answer was wrong, or the store does not hold what was acknowledged. */
final class BenchmarkFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BenchmarkFailedException(String message) {
        super(message);
    }

    BenchmarkFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
