/** Who may call: API keys, and the e-mail addresses of members. */
package dev.usageledger.api.access;
