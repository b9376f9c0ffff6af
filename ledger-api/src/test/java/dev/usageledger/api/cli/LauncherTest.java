package dev.usageledger.api.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script {@code ./ledger}, as far as it decides for itself. */
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("..", "ledger").toAbsolutePath().normalize();

    @TempDir
    Path elsewhere;

    @Test
    void it_can_be_called_through_a_link_from_anywhere() throws Exception {
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), LAUNCHER);

        assertThat(outputOf(launcher(link.toString(), "help"))).startsWith("Usage: ./ledger <command>");
        Files.delete(link);
    }

    @Test
    void a_jdk_that_is_named_and_too_old_is_refused_in_one_line() throws Exception {
        Files.createDirectories(elsewhere.resolve("bin"));
        assertThat(Files.createFile(elsewhere.resolve("bin/javac")).toFile().setExecutable(true))
                .isTrue();
        Files.writeString(elsewhere.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        ProcessBuilder start = launcher(LAUNCHER.toString(), "start");
        start.environment().put("LEDGER_JAVA_HOME", elsewhere.toString());

        assertThat(outputOf(start))
                .isEqualTo("ledger: LEDGER_JAVA_HOME=%s is no JDK of version 21 or newer.\n".formatted(elsewhere));
    }

    private ProcessBuilder launcher(String... command) {
        return new ProcessBuilder(command).directory(elsewhere.toFile()).redirectErrorStream(true);
    }

    private static String outputOf(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output;
    }
}
