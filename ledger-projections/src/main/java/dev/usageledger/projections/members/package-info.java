/** Who belongs to which organization, and who has belonged. */
package dev.usageledger.projections.members;
