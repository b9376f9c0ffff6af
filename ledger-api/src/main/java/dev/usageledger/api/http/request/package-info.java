/** Reads requests: strictly, completely, and reporting everything that is wrong with one at once. */
package dev.usageledger.api.http.request;
