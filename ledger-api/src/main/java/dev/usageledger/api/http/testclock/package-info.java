/** The test clock, in a ledger that has one. */
package dev.usageledger.api.http.testclock;
