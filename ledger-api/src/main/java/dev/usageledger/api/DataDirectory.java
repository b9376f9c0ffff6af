package dev.usageledger.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds everything the ledger keeps. A service claims it, and while it does the directory belongs to
 * its process alone; the claim ends with the process, however that ends. Others may share it to read what is there.
 */
public final class DataDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final @Nullable FileChannel lockFile;

    private DataDirectory(Path path, @Nullable FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory if need be, and claims it.
     *
     * @throws CannotStartException if it cannot be written to, or another process holds it
     */
    public static DataDirectory open(Path directory) {
        return tryOpen(directory)
                .orElseThrow(() -> new CannotStartException(
                        "Another ledger is using the data directory %s. Stop it, or give this one a directory of its own with --data."
                                .formatted(directory)));
    }

    /**
     * As {@link #open}, but empty when another process holds it.
     *
     * @throws CannotStartException if it cannot be written to
     */
    public static Optional<DataDirectory> tryOpen(Path directory) {
        try {
            Path path = created(directory);
            FileChannel file = FileChannel.open(
                    path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(file) == null) {
                file.close();
                return Optional.empty();
            }
            return Optional.of(new DataDirectory(path, file));
        } catch (IOException e) {
            throw notWritable(directory, e);
        }
    }

    /**
     * Creates the directory if need be, and leaves it to whoever holds it.
     *
     * @throws CannotStartException if it cannot be written to
     */
    public static DataDirectory share(Path directory) {
        try {
            return new DataDirectory(created(directory), null);
        } catch (IOException e) {
            throw notWritable(directory, e);
        }
    }

    private static Path created(Path directory) throws IOException {
        return Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY_DIRECTORY))
                .toRealPath();
    }

    private static CannotStartException notWritable(Path directory, IOException cause) {
        return new CannotStartException(
                "Cannot write to the data directory %s (%s). Name one that you may write to with --data."
                        .formatted(directory.toAbsolutePath().normalize(), cause),
                cause);
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** The secret of that name, made up when first asked for, in a file that its owner alone can read. */
    public String secret(String name) throws IOException {
        return secret(name, DataDirectory::randomSecret);
    }

    /** As {@link #secret(String)}, but made up by {@code made}. */
    public String secret(String name, Supplier<String> made) throws IOException {
        Path file = secretFile(name);
        if (Files.notExists(file)) {
            writeOwnerOnly(file, made.get());
        }
        return Files.readString(file).strip();
    }

    public Path secretFile(String name) throws IOException {
        Path directory = resolve("secrets");
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY_DIRECTORY));
        return directory.resolve(name);
    }

    private static String randomSecret() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    // Written beside and renamed, so that no crash leaves a secret half written.
    private static void writeOwnerOnly(Path file, String content) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode(content + "\n"));
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Gives the directory free, if it was claimed. */
    @Override
    public void close() {
        try {
            if (lockFile != null) {
                lockFile.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
