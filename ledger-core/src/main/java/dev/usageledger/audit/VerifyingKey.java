package dev.usageledger.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** The public half of a {@link SigningKey}: it checks signatures, and can be given to anyone. */
public final class VerifyingKey {
    static final String ALGORITHM = "Ed25519";

    private final PublicKey key;

    private VerifyingKey(PublicKey key) {
        this.key = key;
    }

    /**
     * @param pem with a public key in it, whatever else it holds
     * @throws IllegalArgumentException when it holds none
     */
    public static VerifyingKey of(String pem) {
        try {
            return new VerifyingKey(KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(Pem.bytes("PUBLIC KEY", pem))));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no Ed25519 public key in PEM", e);
        }
    }

    public String pem() {
        return Pem.of("PUBLIC KEY", key.getEncoded());
    }

    /** Names the key, for people to compare: the first 16 bytes of SHA-256 over it, in hexadecimal. */
    public String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    boolean verifies(byte[] content, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(content);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
