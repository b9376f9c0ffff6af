/** Transcriptions: what each costs now, what paid for it, and where it is counted. */
package dev.usageledger.projections.transcriptions;
