/** Minutes held for uploads in flight, and how each hold ended. */
package dev.usageledger.projections.reservations;
