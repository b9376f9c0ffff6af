/**
 * Carries events into the read models: who may, from where on, exactly once, and how far it has come. The only package
 * here that knows Axon.
 */
package dev.usageledger.projections.processing;
