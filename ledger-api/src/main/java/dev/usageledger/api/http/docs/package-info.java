/** The documentation that the service serves of itself. */
package dev.usageledger.api.http.docs;
