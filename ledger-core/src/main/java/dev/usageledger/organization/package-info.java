/**
 * The domain: what an organization may be asked, what it decides, and what happened. Pure Java: no clock, no database,
 * no framework, so that every rule can be read and tested by itself.
 */
package dev.usageledger.organization;
