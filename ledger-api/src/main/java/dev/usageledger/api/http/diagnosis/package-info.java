/** Why a person sees what they see. */
package dev.usageledger.api.http.diagnosis;
