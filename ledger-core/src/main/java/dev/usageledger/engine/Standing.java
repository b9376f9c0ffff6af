package dev.usageledger.engine;

import dev.usageledger.organization.Balance;
import java.time.Instant;

/**
 * How an organization stands.
 *
 * @param asOf the moment that the balance is computed for: what is due by then is in it
 * @param position of the organization's last event that is in it
 */
public record Standing(Balance balance, Instant asOf, long position) {}
