/** What callers are answered: what was decided, and how the organization stands since. */
package dev.usageledger.api.http.answer;
