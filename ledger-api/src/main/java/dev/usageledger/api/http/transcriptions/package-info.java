/** Transcriptions: usage that is charged, and corrected. */
package dev.usageledger.api.http.transcriptions;
