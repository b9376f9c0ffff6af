/** What if: an organization's history under another plan, beside what happened. */
package dev.usageledger.api.http.whatif;
