/**
 * The read side. Each read model is a package of its own with its handler, table and queries, and can be rebuilt from
 * the events at any time.
 */
package dev.usageledger.projections;
