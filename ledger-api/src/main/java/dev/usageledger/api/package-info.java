/** The edges of the ledger: HTTP, command line, wiring, and the PostgreSQL that comes with it. */
package dev.usageledger.api;
