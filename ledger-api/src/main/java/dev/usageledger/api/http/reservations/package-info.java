/** Reservations: minutes held for uploads in flight. */
package dev.usageledger.api.http.reservations;
