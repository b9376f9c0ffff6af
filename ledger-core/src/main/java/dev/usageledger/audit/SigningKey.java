package dev.usageledger.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/** An Ed25519 key pair that signs what the ledger hands out. */
public final class SigningKey {
    private final PrivateKey key;
    private final VerifyingKey verifying;

    private SigningKey(PrivateKey key, VerifyingKey verifying) {
        this.key = key;
        this.verifying = verifying;
    }

    /** A new key pair as PEM: the private key (PKCS #8), then the public one. A secret. */
    public static String generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(VerifyingKey.ALGORITHM).generateKeyPair();
            return Pem.of("PRIVATE KEY", pair.getPrivate().getEncoded())
                    + Pem.of("PUBLIC KEY", pair.getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    /**
     * @param pem as {@link #generate} makes it
     * @throws IllegalArgumentException when it is not
     */
    public static SigningKey of(String pem) {
        try {
            PrivateKey key = KeyFactory.getInstance(VerifyingKey.ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(Pem.bytes("PRIVATE KEY", pem)));
            return new SigningKey(key, VerifyingKey.of(pem));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no Ed25519 private key in PEM", e);
        }
    }

    /** What others check signatures with. */
    public VerifyingKey verifying() {
        return verifying;
    }

    byte[] sign(byte[] content) {
        try {
            Signature signature = Signature.getInstance(VerifyingKey.ALGORITHM);
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }
}
