/**
 * The rules of the ledger, to the minute, in plain Java: what an organization can be asked ({@link
 * dev.usageledger.organization.OrganizationCommand}), what may have happened to it ({@link
 * dev.usageledger.organization.OrganizationEvent}), why it says no ({@link dev.usageledger.organization.Rejection}),
 * and the decider that ties them together. Nothing here knows a clock, a database or a framework.
 */
package dev.usageledger.organization;
