/** Keeps what proves the ledger: its signing key, and the heads that are signed now and then. */
package dev.usageledger.api.audit;
