package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantReaderTest {
    private static final long YEAR_0 = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long YEAR_10000 =
            Instant.parse("+10000-01-01T00:00:00Z").getEpochSecond();

    @Test
    void every_instant_is_read_as_it_was_written() {
        Random random = new Random(42);
        for (ChronoUnit unit :
                new ChronoUnit[] {ChronoUnit.SECONDS, ChronoUnit.MILLIS, ChronoUnit.MICROS, ChronoUnit.NANOS}) {
            for (int i = 0; i < 10_000; i++) {
                Instant instant = Instant.ofEpochSecond(
                                random.nextLong(YEAR_0, YEAR_10000), random.nextInt(1_000_000_000))
                        .truncatedTo(unit);
                assertThat(InstantReader.read(instant.toString())).isEqualTo(instant);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-29T23:59:59Z",
                "2026-12-31T00:00:00.1Z",
                "2026-02-01T10:00:00.000000001Z",
                "2026-02-01T10:00:00.000000Z",
                "+10000-01-01T00:00:00Z",
                "-0001-01-01T00:00:00.5Z",
                "2026-02-01T10:00:00+02:00",
                "2026-02-01T24:00:00Z",
                "2026-02-01T10:00:00.Z"
            })
    void whatever_jackson_would_read_is_read_as_it_would(String text) throws JsonProcessingException {
        assertThat(Json.MAPPER.readValue('"' + text + '"', Instant.class)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-02-30T10:00:00Z",
                "2026-13-01T10:00:00Z",
                "2026-00-01T10:00:00Z",
                "2026-02-00T10:00:00Z",
                "2026-02-01T25:00:00Z",
                "2026-02-01T10:60:00Z",
                "2026-02-01T10:00:61Z",
                "2026-02-01T10:00:00.0000000000Z",
                "2026-02-01T10:00:0xZ",
                "2026-02-01 10:00:00",
                "2026-2-01T10:00:00.0Z"
            })
    void what_is_no_instant_is_not_read(String text) {
        assertThat(InstantReader.read(text)).isNull();
        assertThatExceptionOfType(JsonProcessingException.class)
                .isThrownBy(() -> Json.MAPPER.readValue("{\"at\":\"" + text + "\"}", Moment.class));
    }

    private record Moment(Instant at) {}
}
