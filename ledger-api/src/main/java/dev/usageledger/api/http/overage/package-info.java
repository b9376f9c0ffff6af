/** Overage: packs of minutes bought on top of the plan. */
package dev.usageledger.api.http.overage;
