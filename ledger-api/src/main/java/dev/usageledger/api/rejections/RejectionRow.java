package dev.usageledger.api.rejections;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code support.rejections}: a command that was refused.
 *
 * @param organizationId {@code null} when the person belonged to no organization, or to several
 * @param command what was asked for, such as {@code reserve-minutes}
 * @param numbers what the caller was told, as it looked in the answer
 */
public record RejectionRow(
        @Nullable String organizationId,
        @Nullable String userId,
        Instant at,
        String command,
        String commandId,
        String code,
        Map<String, @Nullable Object> numbers,
        String actor,
        String correlationId) {}
