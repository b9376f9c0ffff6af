/** What time it is. The only place that reads a clock; everything else is told. */
package dev.usageledger.api.clock;
