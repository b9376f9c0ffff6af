package dev.usageledger.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.usageledger.engine.EventHash;
import dev.usageledger.engine.EventRows.Head;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A file of signed heads: its title, a line for each organization that has changed, and the signature. */
record HeadsFile(Path path) {
    static final String SUFFIX = ".heads";

    private static final String FORM = "usage-ledger heads 1";

    /**
     * The first line of a file.
     *
     * @param position up to which events are in it
     * @param after the position up to which events were in the file before
     * @param previous the {@link #link} of the file before; left out in the first
     * @param replaced the {@link #link} of the last of the files that this one was made of; left out where it was made of
     *     events
     */
    record Title(
            String form,
            Instant at,
            long position,
            long after,
            @Nullable String previous,
            @Nullable String replaced) {
        /** Of heads that have just been read from the events. */
        static Title of(Instant at, long position, long after, @Nullable String previous) {
            return new Title(FORM, at, position, after, previous, null);
        }

        /** Of what a row of files says, from this one to {@code last}. */
        Title upTo(Title last, String lastLink) {
            return new Title(FORM, last.at, last.position, after, previous, lastLink);
        }

        LocalDate day() {
            return LocalDate.ofInstant(at, ZoneOffset.UTC);
        }
    }

    private record Line(String organizationId, long sequence, String hash) {
        static Line of(Head head) {
            return new Line(head.organizationId(), head.sequence(), head.hash().toString());
        }

        Head head() {
            return new Head(organizationId, sequence, EventHash.of(hash));
        }
    }

    /** Something that hands over heads. */
    interface Heads {
        void forEach(Consumer<Head> to);
    }

    /** Written beside and renamed: it is there as a whole or not at all, and takes the place of one with its position. */
    static HeadsFile write(Path directory, Title title, Heads heads, SigningKey key) throws IOException {
        Path path = directory.resolve("%019d%s".formatted(title.position(), SUFFIX));
        Path draft = directory.resolve(path.getFileName() + ".new");
        try (FileOutputStream to = new FileOutputStream(draft.toFile());
                OutputStream buffered = new BufferedOutputStream(to)) {
            var lines = new SignedLines.Writer(buffered, key);
            lines.line(title);
            heads.forEach(head -> writeLine(lines, head));
            lines.sign();
            buffered.flush();
            to.getFD().sync();
        }
        return new HeadsFile(Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE));
    }

    private static void writeLine(SignedLines.Writer lines, Head head) {
        try {
            lines.line(Line.of(head));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the file says is used only when it is as it was signed.
     *
     * @param faults told what is wrong with it
     */
    @Nullable
    Title read(VerifyingKey key, Consumer<Head> to, List<String> faults) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            VerifyingKey signer = SignedLines.read(reader, lines::add);
            if (!signer.fingerprint().equals(key.fingerprint())) {
                faults.add("%s: it was signed by another key, %s".formatted(name(), signer.fingerprint()));
                return null;
            }
            Title title = AuditJson.read(lines.getFirst(), Title.class);
            for (String line : lines.subList(1, lines.size())) {
                to.accept(AuditJson.read(line, Line.class).head());
            }
            return title;
        } catch (BrokenSignatureException e) {
            faults.add("%s: %s".formatted(name(), e.getMessage()));
            return null;
        }
    }

    /** The title, whoever has signed it; empty where there is none, or no file any more. */
    Optional<Title> title() throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            String line = reader.readLine();
            return line == null ? Optional.empty() : Optional.of(AuditJson.read(line, Title.class));
        } catch (JsonProcessingException | CharacterCodingException | NoSuchFileException e) {
            return Optional.empty();
        }
    }

    String name() {
        return path.getFileName().toString();
    }

    long position() {
        return Long.parseLong(name().substring(0, name().length() - SUFFIX.length()));
    }

    /** What the file after it names as the one before. It stays the same when files are made into one. */
    String link() throws IOException {
        String replaced = title().map(Title::replaced).orElse(null);
        return replaced == null ? sha256() : replaced;
    }

    private String sha256() throws IOException {
        MessageDigest digest = SignedLines.sha256();
        try (var in = new DigestInputStream(Files.newInputStream(path), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
