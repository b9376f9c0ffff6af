/**
 * Makes the domain durable: commands in, events in PostgreSQL. The only package that knows Axon, so that leaving it
 * touches nothing else.
 */
package dev.usageledger.engine;
