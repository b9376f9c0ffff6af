package dev.usageledger.engine;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The link of an event in the hash chain of its organization: SHA-256 over all that its row says and the link before it,
 * so that none can be changed, left out or put elsewhere without all that follow. {@link EventRow#hash} makes it.
 */
public final class EventHash {
    /** What the first event of an organization follows. */
    public static final EventHash NONE = new EventHash(new byte[Sha256.BYTES]);

    private static final HexFormat HEX = HexFormat.of();

    private final byte[] bytes;

    /** @param bytes kept as they are; any others than 32 are the hash of nothing */
    EventHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException if {@code hex} are not hexadecimal digits */
    public static EventHash of(String hex) {
        return new EventHash(HEX.parseHex(hex));
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventHash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** 64 hexadecimal digits in lower case. */
    @Override
    public String toString() {
        return HEX.formatHex(bytes);
    }
}
