package dev.usageledger.api.audit;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.DataDirectory;
import dev.usageledger.audit.ChainVerification;
import dev.usageledger.audit.SignedHeads;
import dev.usageledger.audit.SigningKey;
import dev.usageledger.audit.VerifyingKey;
import dev.usageledger.engine.EventRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;

/** The part of a data directory that proves the ledger. The private key is in a file that its owner alone can read. */
public final class AuditDirectory {
    private static final String KEY = "audit-signing-key";

    private final DataDirectory directory;

    public AuditDirectory(DataDirectory directory) {
        this.directory = directory;
    }

    /**
     * The key that signs, made when first asked for, with its public half beside the heads.
     *
     * @throws CannotStartException when it cannot be read or written
     */
    public SigningKey signingKey() {
        try {
            SigningKey key = SigningKey.of(directory.secret(KEY, SigningKey::generate));
            if (Files.notExists(publicKeyFile())) {
                Files.createDirectories(publicKeyFile().getParent());
                Files.writeString(publicKeyFile(), key.verifying().pem());
            }
            return key;
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotStartException(
                    "Cannot use the signing key in %s: %s".formatted(directory.path(), e.getMessage()), e);
        }
    }

    /**
     * The key that checks; empty when nothing has ever been signed here.
     *
     * @throws CannotStartException when it cannot be read
     */
    public Optional<VerifyingKey> verifyingKey() {
        try {
            return Files.exists(publicKeyFile())
                    ? Optional.of(VerifyingKey.of(Files.readString(publicKeyFile())))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotStartException("Cannot use the key %s: %s".formatted(publicKeyFile(), e.getMessage()), e);
        }
    }

    /** Verifies the events of {@code database} against the heads that were signed here. */
    public ChainVerification verification(DataSource database) {
        return new ChainVerification(
                new EventRows(database), heads(), verifyingKey().orElse(null));
    }

    public Path publicKeyFile() {
        return directory.resolve("audit").resolve("public-key.pem");
    }

    public Path headsDirectory() {
        return directory.resolve("audit").resolve("heads");
    }

    public SignedHeads heads() {
        return new SignedHeads(headsDirectory());
    }
}
