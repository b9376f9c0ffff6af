/** Organizations: opening one, its plan, its usage, and the list of all. */
package dev.usageledger.api.http.organizations;
