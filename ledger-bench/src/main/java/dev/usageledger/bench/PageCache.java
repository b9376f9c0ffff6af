package dev.usageledger.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.LongStream;

/**
 * What the system keeps in memory of files: all there is room for, where a server has been up for a while. A virtual
 * machine may be given its memory only as it touches it, and what it frees may be taken away again. To touch such a page
 * costs several times what it costs to use one again, and whoever writes most would pay most of that.
 */
final class PageCache {
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final int MEBIBYTE = 1 << 20;

    /** About what a system leaves free that has no more to give. */
    private static final long LEFT_FREE = 256;

    private final Path file;
    private long filled;

    /** @param file of its own, which takes no room on the disk */
    PageCache(Path file) {
        this.file = file;
    }

    /**
     * Makes use of what is free by reading from where nothing has been written. Does nothing where the system does not
     * tell how much that is.
     *
     * @param most in MiB
     */
    void fill(long most) throws IOException {
        long more = Math.min(most, free() - LEFT_FREE);
        if (more <= 0) {
            return;
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // Never what has been read before: the system would keep that for something else to go.
            LongStream places = LongStream.range(filled, filled + more);
            filled += more;
            channel.write(ByteBuffer.allocate(1), filled * MEBIBYTE);
            places.parallel().forEach(place -> read(channel, place * MEBIBYTE));
        }
    }

    private static void read(FileChannel channel, long position) {
        try {
            channel.read(ByteBuffer.allocate(MEBIBYTE), position);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In MiB. */
    private static long free() throws IOException {
        if (!Files.isReadable(MEMORY)) {
            return 0;
        }
        return Files.readAllLines(MEMORY).stream()
                .filter(line -> line.startsWith("MemFree:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .sum();
    }
}
