package dev.usageledger.api.rejections;

import dev.usageledger.engine.Origin;
import dev.usageledger.organization.OrganizationId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command that was refused.
 *
 * @param organizationId who would have been charged; {@code null} when a person belonged to no organization or several
 * @param at when it was received, by the ledger's clock
 * @param code why, as the caller was told
 * @param numbers what the caller was told with it, ready to be written as JSON; no text of a caller's
 */
public record Refused(
        @Nullable OrganizationId organizationId,
        Instant at,
        CommandName command,
        String code,
        Map<String, ? extends @Nullable Object> numbers,
        Origin origin) {}
