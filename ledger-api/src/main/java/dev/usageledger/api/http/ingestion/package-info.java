/** Taking in usage in bulk, as CloudEvents. */
package dev.usageledger.api.http.ingestion;
