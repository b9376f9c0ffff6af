/** What a caller is told when something is not done: problem details as in RFC 9457, with stable codes. */
package dev.usageledger.api.http.problem;
