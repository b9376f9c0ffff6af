package dev.usageledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path temporary;

    @Test
    void a_directory_serves_one_ledger_at_a_time() {
        try (var held = DataDirectory.open(temporary)) {
            assertThatThrownBy(() -> DataDirectory.open(temporary))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("Another ledger is using the data directory " + held.path())
                    .hasMessageContaining("--data");
        }
    }

    @Test
    void a_closed_directory_can_be_opened_again() {
        DataDirectory.open(temporary).close();
        DataDirectory.open(temporary).close();
    }

    @Test
    void a_place_that_cannot_be_written_to_is_named() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.open(file.resolve("data")))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("Cannot write to the data directory " + file.resolve("data"))
                .hasMessageContaining("--data")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void a_secret_is_made_once() throws IOException {
        String secret;
        try (var directory = DataDirectory.open(temporary)) {
            secret = directory.secret("role");
            assertThat(directory.secret("other")).isNotEqualTo(secret);
        }
        try (var directory = DataDirectory.open(temporary)) {
            assertThat(directory.secret("role")).isEqualTo(secret);
        }
    }
}
