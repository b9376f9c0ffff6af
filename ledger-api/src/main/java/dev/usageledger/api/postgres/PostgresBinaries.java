package dev.usageledger.api.postgres;

import com.sun.security.auth.module.UnixSystem;
import dev.usageledger.api.CannotStartException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The programs of the bundled PostgreSQL, unpacked once into the data directory. */
final class PostgresBinaries {
    private final Path home;
    private final List<String> prefix;

    private PostgresBinaries(Path home, List<String> prefix) {
        this.home = home;
        this.prefix = prefix;
    }

    static PostgresBinaries unpackInto(Path directory) throws IOException, InterruptedException {
        Path home = directory.resolve("postgresql-" + bundledVersion());
        if (Files.notExists(home)) {
            unpack(home);
        }
        return new PostgresBinaries(home, prefix());
    }

    static int bundledMajorVersion() throws IOException {
        String version = bundledVersion();
        return Integer.parseInt(version.substring(0, version.indexOf('.')));
    }

    private static String bundledVersion() throws IOException {
        var buildInfo = new Properties();
        try (InputStream in = resource("META-INF/build-info.properties")) {
            buildInfo.load(in);
        }
        return buildInfo.getProperty("build.postgresql.version");
    }

    // Unpacked beside and renamed, so that a directory of that name is always complete.
    private static void unpack(Path home) throws IOException {
        Path draft = home.resolveSibling(home.getFileName() + ".unpacking");
        delete(draft);
        try (var archive =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(resource(archiveName()))))) {
            for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                unpack(entry, archive, draft.resolve(entry.getName()));
            }
        }
        Files.move(draft, home);
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, target);
            if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true)) {
                throw new IOException("cannot make %s executable".formatted(target));
            }
        }
    }

    static void delete(Path directory) throws IOException {
        if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String archiveName() {
        String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        return "postgres-%s-%s.txz".formatted(system, machine);
    }

    private static InputStream resource(String name) {
        InputStream in = PostgresBinaries.class.getClassLoader().getResourceAsStream(name);
        if (in == null) {
            throw new CannotStartException(
                    "This build brings no PostgreSQL for %s on %s (%s is missing). Build it here with ./ledger, or name a server with SPRING_DATASOURCE_URL."
                            .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), name));
        }
        return in;
    }

    // PostgreSQL refuses to run as root. In a user namespace of its own the process is nobody, yet owns root's files.
    private static List<String> prefix() throws IOException, InterruptedException {
        if (new UnixSystem().getUid() != 0) {
            return List.of();
        }
        List<String> unshare = List.of("unshare", "--user");
        if (!succeeds(concat(unshare, List.of("true")))) {
            throw new CannotStartException(
                    "PostgreSQL refuses to run as root, and this system allows no user namespace. Start the ledger as another user, or name a server with SPRING_DATASOURCE_URL.");
        }
        return unshare;
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs one of the programs to its end. */
    Result run(String program, List<String> arguments) throws IOException, InterruptedException {
        List<String> command =
                concat(prefix, List.of(home.resolve("bin").resolve(program).toString()), arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    @SafeVarargs
    private static List<String> concat(List<String>... parts) {
        var all = new ArrayList<String>();
        Stream.of(parts).forEach(all::addAll);
        return all;
    }

    record Result(int exitCode, String output) {
        boolean failed() {
            return exitCode != 0;
        }

        String lastLine() {
            return output.strip().lines().reduce("", (before, line) -> line);
        }
    }
}
