/** The ledger over HTTP: one package for each thing that can be asked about, with its calls. */
package dev.usageledger.api.http;
