package dev.usageledger.engine;

import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The identifier of an event in the store, derived from what it is the only one of. The store's unique index on it
 * therefore remembers every command for ever: 122 bits of SHA-256 over the organization, the kind and the caller's
 * identifier, as a UUID of version 8.
 */
final class EventId {
    private EventId() {}

    /** The identifier of {@code event} when it stands at {@code sequence} of its organization. */
    static UUID of(OrganizationId organizationId, long sequence, OrganizationEvent event) {
        EventIdentity identity = event.identity();
        return identity == null
                ? hashed(organizationId.value(), "sequence", Long.toString(sequence))
                : of(organizationId, identity);
    }

    static UUID of(OrganizationId organizationId, EventIdentity identity) {
        return hashed(organizationId.value(), identity.kind(), identity.id());
    }

    private static UUID hashed(String organization, String kind, String id) {
        // Neither part can contain the separator, so no two triples make the same text.
        byte[] text = (organization + '\n' + kind + '\n' + id).getBytes(StandardCharsets.UTF_8);
        ByteBuffer hash = ByteBuffer.wrap(Sha256.of(text));
        long high = hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x0000_0000_0000_8000L;
        long low = hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
