package dev.usageledger.audit;

import dev.usageledger.engine.EventHash;
import dev.usageledger.engine.EventRows;
import dev.usageledger.engine.EventRows.Head;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last event of each organization, written down and signed now and then, in files outside the database: what a hash
 * chain cannot tell by itself, that its end has been cut off or that all of it was written anew, shows against them.
 *
 * <p>A file holds the organizations that have changed since the one before, and the SHA-256 of that one, so none can be
 * taken out of their middle. That the newest ones are gone cannot show here: keep copies on another machine.
 */
public final class SignedHeads {
    private static final String FORM = "usage-ledger heads 1";
    private static final String SUFFIX = ".heads";

    private final Path directory;

    /** @param directory where the files are; made when the first one is written */
    public SignedHeads(Path directory) {
        this.directory = directory;
    }

    /**
     * The first line of a file.
     *
     * @param position up to which events are in it
     * @param after the position up to which events were in the file before
     * @param previous SHA-256 of the file before; left out in the first
     */
    private record Title(
            String form,
            Instant at,
            long position,
            long after,
            @Nullable String previous) {}

    private record Line(String organizationId, long sequence, String hash) {
        static Line of(Head head) {
            return new Line(head.organizationId(), head.sequence(), head.hash().toString());
        }

        Head head() {
            return new Head(organizationId, sequence, EventHash.of(hash));
        }
    }

    /**
     * What the files say.
     *
     * @param heads the newest of each organization
     * @param position up to which events are signed; 0 when nothing is
     * @param at when the newest file was written; {@code null} when there is none
     * @param faults what is wrong with the files themselves
     */
    public record Signed(
            Map<String, Head> heads,
            long position,
            @Nullable Instant at,
            List<String> faults) {
        public static final Signed NOTHING = new Signed(Map.of(), 0, null, List.of());
    }

    /**
     * Writes down what has changed since the last time, unless nothing has, or another process is at it.
     *
     * @param upTo a position up to which no event can appear any more
     * @return the new file
     */
    public Optional<Path> write(EventRows events, long upTo, Instant at, SigningKey key) {
        try {
            Files.createDirectories(directory);
            try (FileChannel file = FileChannel.open(
                            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = tryLock(file)) {
                return lock == null ? Optional.empty() : writeLocked(events, upTo, at, key);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write signed heads to " + directory, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private Optional<Path> writeLocked(EventRows events, long upTo, Instant at, SigningKey key) throws IOException {
        List<Path> files = files();
        Path last = files.isEmpty() ? null : files.getLast();
        long after = last == null ? 0 : positionOf(last);
        if (upTo <= after) {
            return Optional.empty();
        }
        Path file = directory.resolve("%019d%s".formatted(upTo, SUFFIX));
        Path draft = directory.resolve(file.getFileName() + ".new");
        try (FileOutputStream to = new FileOutputStream(draft.toFile());
                OutputStream buffered = new BufferedOutputStream(to)) {
            var lines = new SignedLines.Writer(buffered, key);
            lines.line(new Title(FORM, at, upTo, after, last == null ? null : sha256(last)));
            events.heads(after, upTo, head -> writeLine(lines, head));
            lines.sign();
            buffered.flush();
            to.getFD().sync();
        }
        return Optional.of(Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE));
    }

    private static void writeLine(SignedLines.Writer lines, Head head) {
        try {
            lines.line(Line.of(head));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads all files, and checks that they follow each other and are as {@code key} signed them. */
    public Signed read(VerifyingKey key) {
        Map<String, Head> newest = new HashMap<>();
        return read(key, head -> newest.put(head.organizationId(), head), newest);
    }

    /** All heads that were ever written down of one organization, oldest first; of files that are sound. */
    public List<Head> of(String organizationId, VerifyingKey key) {
        List<Head> heads = new ArrayList<>();
        read(
                key,
                head -> {
                    if (head.organizationId().equals(organizationId)) {
                        heads.add(head);
                    }
                },
                Map.of());
        return heads;
    }

    private Signed read(VerifyingKey key, Consumer<Head> to, Map<String, Head> heads) {
        List<String> faults = new ArrayList<>();
        Title last = null;
        String lastHash = null;
        try {
            for (Path file : files()) {
                Title title = read(file, key, to, faults);
                if (title != null) {
                    if (last == null ? title.after() != 0 : title.after() != last.position()) {
                        faults.add("%s: the file before it is missing".formatted(file.getFileName()));
                    } else if (last != null && !String.valueOf(lastHash).equals(title.previous())) {
                        faults.add("%s: it does not follow the file before it".formatted(file.getFileName()));
                    }
                    last = title;
                    lastHash = sha256(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read signed heads from " + directory, e);
        }
        return last == null
                ? new Signed(heads, 0, null, faults)
                : new Signed(heads, last.position(), last.at(), faults);
    }

    /** What the file says is used only when it is as it was signed. */
    private static @Nullable Title read(Path file, VerifyingKey key, Consumer<Head> to, List<String> faults)
            throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            VerifyingKey signer = SignedLines.read(reader, lines::add);
            if (!signer.fingerprint().equals(key.fingerprint())) {
                faults.add("%s: it was signed by another key, %s".formatted(file.getFileName(), signer.fingerprint()));
                return null;
            }
            Title title = AuditJson.read(lines.getFirst(), Title.class);
            for (String line : lines.subList(1, lines.size())) {
                to.accept(AuditJson.read(line, Line.class).head());
            }
            return title;
        } catch (BrokenSignatureException e) {
            faults.add("%s: %s".formatted(file.getFileName(), e.getMessage()));
            return null;
        }
    }

    private List<Path> files() throws IOException {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static long positionOf(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = SignedLines.sha256();
        try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
