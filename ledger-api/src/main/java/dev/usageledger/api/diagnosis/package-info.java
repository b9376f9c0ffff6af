/**
 * Why a person sees what they see: from an e-mail address to organizations, to checks with their numbers, to one
 * sentence and what to do next. Reads only, decides nothing, and is told what time it is.
 */
package dev.usageledger.api.diagnosis;
