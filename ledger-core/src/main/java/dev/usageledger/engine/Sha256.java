package dev.usageledger.engine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, without looking the algorithm up each time. */
final class Sha256 {
    static final int BYTES = 32;

    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::digest);

    private Sha256() {}

    static byte[] of(byte[] text) {
        return DIGEST.get().digest(text);
    }

    /** Of one behind the other. */
    static byte[] of(byte[] text, byte[] more) {
        MessageDigest digest = DIGEST.get();
        digest.update(text);
        return digest.digest(more);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
