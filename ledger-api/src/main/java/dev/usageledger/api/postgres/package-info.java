/**
 * The PostgreSQL that comes with the ledger, for a machine that has none: started with the service, durable, kept in
 * the data directory. Not used where an outside server is named.
 */
package dev.usageledger.api.postgres;
