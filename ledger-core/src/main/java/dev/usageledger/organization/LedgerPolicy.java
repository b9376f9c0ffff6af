package dev.usageledger.organization;

import java.time.Duration;
import java.util.List;

/**
 * The settings of the rules. They act when a command is decided and are never needed to replay what was.
 *
 * @param lateWindow how long after a period has closed its usage and corrections are still counted in it
 * @param thresholds percentages of capacity that are announced, ascending
 * @param futureTolerance how far ahead of the ledger's clock a caller's clock may be
 */
public record LedgerPolicy(Duration lateWindow, List<Integer> thresholds, Duration futureTolerance) {
    public static final LedgerPolicy STANDARD =
            new LedgerPolicy(Duration.ofHours(72), List.of(80, 90, 100), Duration.ofMinutes(5));

    public LedgerPolicy {
        requireNotNegative("lateWindow", lateWindow);
        requireNotNegative("futureTolerance", futureTolerance);
        if (thresholds.stream().anyMatch(percent -> percent < 1 || percent > 100)) {
            throw new IllegalArgumentException("thresholds must be from 1 to 100 percent: " + thresholds);
        }
        thresholds = thresholds.stream().distinct().sorted().toList();
    }

    private static void requireNotNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative: " + duration);
        }
    }
}
