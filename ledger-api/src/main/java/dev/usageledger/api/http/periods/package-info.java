/** Billing periods: a statement each. */
package dev.usageledger.api.http.periods;
