/** An organization's history, to be checked by others. */
package dev.usageledger.api.http.audit;
