package dev.usageledger.api.http.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 that is refused, and not patched up, where it is broken. */
final class Utf8 {
    private Utf8() {}

    /** @throws IllegalArgumentException when the bytes are no UTF-8. */
    static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("must be valid UTF-8", e);
        }
    }

    /** A header's text: its bytes arrive as characters of ISO 8859-1, and people type UTF-8. */
    static String ofHeader(String header) {
        return decode(header.getBytes(StandardCharsets.ISO_8859_1));
    }
}
