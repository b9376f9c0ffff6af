/** A little world to look at: made-up organizations in every state that people ask about. Only with {@code --demo}. */
package dev.usageledger.api.demo;
