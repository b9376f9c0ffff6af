package dev.usageledger.api.wiring;

import dev.usageledger.organization.LedgerPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings of the rules, where they differ from the standard. They act on what is decided from then on; history is
 * never decided again.
 */
@ConfigurationProperties("ledger.policy")
record PolicySettings(
        @Nullable Duration lateWindow,
        @Nullable List<Integer> thresholds,
        @Nullable Duration futureTolerance) {
    PolicySettings {
        policy(lateWindow, thresholds, futureTolerance);
    }

    LedgerPolicy policy() {
        return policy(lateWindow, thresholds, futureTolerance);
    }

    private static LedgerPolicy policy(
            @Nullable Duration lateWindow, @Nullable List<Integer> thresholds, @Nullable Duration futureTolerance) {
        LedgerPolicy standard = LedgerPolicy.STANDARD;
        return new LedgerPolicy(
                lateWindow == null ? standard.lateWindow() : lateWindow,
                thresholds == null ? standard.thresholds() : thresholds,
                futureTolerance == null ? standard.futureTolerance() : futureTolerance);
    }
}
