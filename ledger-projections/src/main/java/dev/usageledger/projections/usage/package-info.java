/** Organizations: their plan and period, and what they have used and have left. */
package dev.usageledger.projections.usage;
