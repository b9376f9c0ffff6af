/** Lets happen what is due in organizations that nobody talks to. */
package dev.usageledger.api.due;
