/** Events: the ledger itself, as it was written. */
package dev.usageledger.api.http.events;
