package dev.usageledger.api.audit;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the ledger is made provable.
 *
 * @param data the data directory, where the signing key and the signed heads are
 * @param signEvery how long after one signing the next comes
 */
@ConfigurationProperties("ledger.audit")
record AuditSettings(Path data, @DefaultValue("10m") Duration signEvery) {}
