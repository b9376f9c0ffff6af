package dev.usageledger.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Text whose last line signs all that is before it. A line is a JSON object, so that any program can read it; the
 * signature is Ed25519 over the SHA-256 of all bytes before the line that holds it.
 */
final class SignedLines {
    private SignedLines() {}

    /**
     * The last line.
     *
     * @param key the fingerprint of the key that signed
     * @param publicKey that key as PEM, so that the text can be checked by itself
     * @param signature in Base64
     */
    record Seal(String key, String publicKey, String signature) {
        static Seal of(VerifyingKey key, byte[] signature) {
            return new Seal(key.fingerprint(), key.pem(), Base64.getEncoder().encodeToString(signature));
        }
    }

    /** Writes lines, and signs them at the end. */
    static final class Writer {
        private final MessageDigest digest = sha256();
        private final OutputStream to;
        private final SigningKey key;

        Writer(OutputStream to, SigningKey key) {
            this.to = to;
            this.key = key;
        }

        void line(Object content) throws IOException {
            raw(AuditJson.write(content));
        }

        /** @param line JSON without line breaks */
        void raw(String line) throws IOException {
            if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
                throw new IllegalArgumentException("a line cannot hold a line break: " + line);
            }
            byte[] bytes = (line + '\n').getBytes(StandardCharsets.UTF_8);
            digest.update(bytes);
            to.write(bytes);
        }

        void sign() throws IOException {
            Seal seal = Seal.of(key.verifying(), key.sign(digest.digest()));
            to.write((AuditJson.write(seal) + '\n').getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What is done with each line. */
    interface Lines {
        void line(String line) throws IOException;
    }

    /**
     * Hands over every line but the last, and then tells who signed them.
     *
     * @throws BrokenSignatureException when they are not as they were signed
     */
    static VerifyingKey read(BufferedReader from, Lines lines) throws IOException {
        MessageDigest digest = sha256();
        String last = null;
        for (String line = from.readLine(); line != null; line = from.readLine()) {
            if (last != null) {
                digest.update((last + '\n').getBytes(StandardCharsets.UTF_8));
                lines.line(last);
            }
            last = line;
        }
        Seal seal = seal(last);
        VerifyingKey key = VerifyingKey.of(seal.publicKey());
        byte[] signature = Base64.getDecoder().decode(seal.signature());
        // The letters of the last line are signed by nothing, so it is held to the only way of writing it.
        if (!AuditJson.write(Seal.of(key, signature)).equals(last) || !key.verifies(digest.digest(), signature)) {
            throw new BrokenSignatureException("it is not as it was signed");
        }
        return key;
    }

    private static Seal seal(@Nullable String last) {
        if (last == null) {
            throw new BrokenSignatureException("it is empty");
        }
        try {
            return AuditJson.read(last, Seal.class);
        } catch (JsonProcessingException e) {
            throw new BrokenSignatureException("its last line is no signature");
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
