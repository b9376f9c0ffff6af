/** What a start does so that no caller waits for what a JVM does for the first time. */
package dev.usageledger.api.warmup;
