/** Forgetting who a person is. */
package dev.usageledger.api.http.erasures;
