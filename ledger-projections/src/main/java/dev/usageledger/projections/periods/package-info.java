/** Billing periods: a statement each, amended for a while by what comes late, then final. */
package dev.usageledger.projections.periods;
