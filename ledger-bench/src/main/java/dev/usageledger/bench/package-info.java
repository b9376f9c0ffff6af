/**
 * Measures what the ledger does against the way it replaces, on one machine in one run. Every row records the same
 * work, and afterwards what was acknowledged is counted in the store.
 */
package dev.usageledger.bench;
