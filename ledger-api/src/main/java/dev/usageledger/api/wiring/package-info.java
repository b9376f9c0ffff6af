/** Puts the parts together: the ledger, its read models, and what is measured of them. */
package dev.usageledger.api.wiring;
