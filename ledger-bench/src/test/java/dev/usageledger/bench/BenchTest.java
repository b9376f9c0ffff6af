package dev.usageledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchTest {
    @TempDir
    Path directory;

    @Test
    void every_row_is_measured_and_what_it_acknowledged_is_counted() throws Exception {
        Path json = directory.resolve("numbers.json");

        System.setProperty("ledger.home", "..");
        int exitCode = new CommandLine(new Bench())
                .execute("--quick", "--data", directory.toString(), "--json", json.toString());

        assertThat(exitCode).isZero();
        JsonNode numbers = new ObjectMapper().readTree(json.toFile());
        assertThat(numbers.at("/machine/database").asText()).endsWith("fsync on, synchronous_commit on");
        assertThat(rows(numbers)).containsAll(EnumSet.complementOf(EnumSet.of(Row.WRK)));
        assertThat(numbers.get("rows"))
                .allSatisfy(row ->
                        assertThat(row.at("/median/acknowledged").asLong()).isPositive());
        assertThat(numbers.get("coldLoads"))
                .hasSize(2)
                .allSatisfy(load -> assertThat(load.get("millis").asDouble()).isPositive());
        assertThat(Files.exists(directory.resolve("data"))).isFalse();
    }

    private static Set<Row> rows(JsonNode numbers) {
        return numbers.findValuesAsText("row").stream().map(Row::valueOf).collect(Collectors.toSet());
    }
}
