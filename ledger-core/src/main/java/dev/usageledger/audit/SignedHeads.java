package dev.usageledger.audit;

import dev.usageledger.audit.HeadsFile.Title;
import dev.usageledger.engine.EventRows;
import dev.usageledger.engine.EventRows.Head;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last event of each organization, written down and signed now and then, in files outside the database: what a hash
 * chain cannot tell by itself, that its end has been cut off or that all of it was written anew, shows against them.
 *
 * <p>A file holds the organizations that have changed since the one before, and the SHA-256 of that one, so none can be
 * taken out of their middle. Files of the same day become one after a while ({@link #thinOut}). That the newest ones are
 * gone cannot show here: keep copies on another machine.
 */
public final class SignedHeads {
    /** How long a day has to be over before its files are made into one. */
    private static final Duration KEPT_APART = Duration.ofHours(48);

    private final Path directory;

    /** @param directory where the files are; made when the first one is written */
    public SignedHeads(Path directory) {
        this.directory = directory;
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
        return alone(() -> writeAlone(events, upTo, at, key));
    }

    private interface Work {
        Optional<Path> run() throws IOException;
    }

    /** Nothing is done while another process is at it. */
    private Optional<Path> alone(Work work) {
        try {
            Files.createDirectories(directory);
            try (FileChannel file = FileChannel.open(
                            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = tryLock(file)) {
                return lock == null ? Optional.empty() : work.run();
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

    private Optional<Path> writeAlone(EventRows events, long upTo, Instant at, SigningKey key) throws IOException {
        List<HeadsFile> files = files();
        HeadsFile last = files.isEmpty() ? null : files.getLast();
        long after = last == null ? 0 : last.position();
        if (upTo <= after) {
            return Optional.empty();
        }
        Title title = Title.of(at, upTo, after, last == null ? null : last.link());
        return Optional.of(HeadsFile.write(directory, title, to -> events.heads(after, upTo, to), key)
                .path());
    }

    /**
     * Makes one file of all that were written on the same day in UTC, once that day has been over for 48 hours. It says
     * the last that they said of each organization, so what is missing or written anew shows against it as against them.
     * The newest file stays as it is. While anything is wrong with the files, all of them stay: they are evidence.
     */
    public void thinOut(Instant now, SigningKey key) {
        LocalDate apart = LocalDate.ofInstant(now.minus(KEPT_APART), ZoneOffset.UTC);
        alone(() -> {
            makeOneOfEach(apart, key);
            removeReplaced(key);
            return Optional.empty();
        });
    }

    private void makeOneOfEach(LocalDate apart, SigningKey key) throws IOException {
        List<List<HeadsFile>> days = daysBefore(apart);
        if (!days.isEmpty() && isSound(key)) {
            for (List<HeadsFile> day : days) {
                makeOne(day, key);
            }
        }
    }

    private void removeReplaced(SigningKey key) throws IOException {
        Set<HeadsFile> left = new HashSet<>(files());
        chain().forEach(left::remove);
        if (!left.isEmpty() && isSound(key)) {
            for (HeadsFile file : left) {
                Files.delete(file.path());
            }
        }
    }

    private boolean isSound(SigningKey key) {
        return read(key.verifying()).faults().isEmpty();
    }

    /** The files that follow each other and were written on the same day, where there is more than one. */
    private List<List<HeadsFile>> daysBefore(LocalDate apart) throws IOException {
        List<HeadsFile> chain = chain();
        List<List<HeadsFile>> days = new ArrayList<>();
        LocalDate before = null;
        for (HeadsFile file : chain.subList(0, Math.max(0, chain.size() - 1))) {
            LocalDate day = file.title().map(Title::day).orElse(LocalDate.MAX);
            if (!day.equals(before)) {
                days.add(new ArrayList<>());
            }
            if (day.isBefore(apart)) {
                days.getLast().add(file);
            }
            before = day;
        }
        return days.stream().filter(day -> day.size() > 1).toList();
    }

    private void makeOne(List<HeadsFile> files, SigningKey key) throws IOException {
        SortedMap<String, Head> newest = new TreeMap<>();
        for (HeadsFile file : files) {
            file.read(key.verifying(), head -> newest.put(head.organizationId(), head), new ArrayList<>());
        }
        Title first = files.getFirst().title().orElseThrow();
        Title last = files.getLast().title().orElseThrow();
        Title title = first.upTo(last, files.getLast().link());
        HeadsFile.write(directory, title, to -> newest.values().forEach(to), key);
    }

    /** Reads all files, and checks that they follow each other and are as {@code key} signed them. */
    public Signed read(VerifyingKey key) {
        return whileFilesStay(files -> {
            Map<String, Head> newest = new HashMap<>();
            return read(files, key, head -> newest.put(head.organizationId(), head), newest);
        });
    }

    /** All heads that are written down of one organization, oldest first; of files that are sound. */
    public List<Head> of(String organizationId, VerifyingKey key) {
        return whileFilesStay(files -> {
            List<Head> heads = new ArrayList<>();
            read(
                    files,
                    key,
                    head -> {
                        if (head.organizationId().equals(organizationId)) {
                            heads.add(head);
                        }
                    },
                    Map.of());
            return heads;
        });
    }

    private interface Reading<T> {
        T of(List<HeadsFile> files) throws IOException;
    }

    /** Reads anew what has been read while files were written or became one: they would not have fitted together. */
    private <T> T whileFilesStay(Reading<T> reading) {
        try {
            while (true) {
                List<HeadsFile> files = chain();
                try {
                    T read = reading.of(files);
                    if (files.equals(chain())) {
                        return read;
                    }
                } catch (NoSuchFileException e) {
                    if (files.equals(chain())) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read signed heads from " + directory, e);
        }
    }

    private static Signed read(List<HeadsFile> files, VerifyingKey key, Consumer<Head> to, Map<String, Head> heads)
            throws IOException {
        List<String> faults = new ArrayList<>();
        Title last = null;
        String lastLink = null;
        for (HeadsFile file : files) {
            Title title = file.read(key, to, faults);
            if (title != null) {
                if (last == null ? title.after() != 0 : title.after() != last.position()) {
                    faults.add("%s: the file before it is missing".formatted(file.name()));
                } else if (last != null && !String.valueOf(lastLink).equals(title.previous())) {
                    faults.add("%s: it does not follow the file before it".formatted(file.name()));
                }
                last = title;
                lastLink = file.link();
            }
        }
        return last == null
                ? new Signed(heads, 0, null, faults)
                : new Signed(heads, last.position(), last.at(), faults);
    }

    /**
     * The files that count, oldest first. One that was made of others stands for them, where they are still there: in a
     * copy, or because the process ended before they were removed.
     */
    private List<HeadsFile> chain() throws IOException {
        List<HeadsFile> chain = new ArrayList<>();
        long before = Long.MAX_VALUE;
        for (HeadsFile file : files().reversed()) {
            if (file.position() <= before) {
                chain.add(file);
                before = file.title().map(Title::after).orElse(file.position());
            }
        }
        return chain.reversed();
    }

    private List<HeadsFile> files() throws IOException {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(HeadsFile.SUFFIX))
                    .sorted()
                    .map(HeadsFile::new)
                    .toList();
        }
    }
}
