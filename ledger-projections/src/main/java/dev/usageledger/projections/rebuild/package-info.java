/**
 * Derives the read models once more beside the live ones, straight from all events: to take their place, or to see
 * whether both say the same.
 */
package dev.usageledger.projections.rebuild;
