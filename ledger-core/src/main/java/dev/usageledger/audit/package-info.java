/**
 * What lets anyone check the ledger without trusting it: the hash chain verified, its heads signed, histories exported
 * with all that it takes to check and recompute them offline. Nothing here writes an event.
 */
package dev.usageledger.audit;
