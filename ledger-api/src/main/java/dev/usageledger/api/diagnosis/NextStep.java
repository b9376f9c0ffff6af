package dev.usageledger.api.diagnosis;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something to do about what was found.
 *
 * @param type what kind of step; those that a refusal's {@code actions} have too are called the same
 * @param sentence what to do, for people
 * @param numbers what a program needs for it
 */
public record NextStep(String type, String sentence, Map<String, @Nullable Object> numbers) {}
