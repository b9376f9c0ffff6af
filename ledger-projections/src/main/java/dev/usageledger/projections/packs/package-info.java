/** Overage packs: where each bought minute is. */
package dev.usageledger.projections.packs;
