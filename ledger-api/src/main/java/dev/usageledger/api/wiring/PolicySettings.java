package dev.usageledger.api.wiring;

import dev.usageledger.organization.LedgerPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;

/**
 * The settings of the rules, where they differ from the standard. They act on what is decided from then on; history is
 * never decided again.
 */
@ConfigurationProperties(PolicySettings.PREFIX)
public record PolicySettings(
        @Nullable Duration lateWindow,
        @Nullable List<Integer> thresholds,
        @Nullable Duration futureTolerance) {
    static final String PREFIX = "ledger.policy";

    public PolicySettings {
        policy(lateWindow, thresholds, futureTolerance);
    }

    /** The settings as a service would find them in its variables and in {@code LEDGER_JAVA_OPTS}. */
    public static PolicySettings ofEnvironment() {
        var environment = new StandardEnvironment();
        ConfigurationPropertySources.attach(environment);
        return Binder.get(environment).bindOrCreate(PREFIX, PolicySettings.class);
    }

    public LedgerPolicy policy() {
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
