/** Explanations: how a balance has come about, for programs and as a text for customers. */
package dev.usageledger.api.http.explanation;
