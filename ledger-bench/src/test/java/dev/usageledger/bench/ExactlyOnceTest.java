package dev.usageledger.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExactlyOnceTest {
    private final Load load = new Load(7, Shape.HOT, 1, 2, 1, Duration.ZERO, Duration.ofSeconds(1));
    private final Tally tally = new Tally(load);
    private final ExactlyOnce check = new ExactlyOnce(tally);

    ExactlyOnceTest() {
        tally.acknowledged(0, System.nanoTime());
        tally.acknowledged(1, System.nanoTime());
        tally.acknowledged(1, System.nanoTime());
    }

    @Test
    void all_that_was_acknowledged_is_there_once() {
        stored("0007-0001-000000001", "0007-0000-000000000", "0007-0001-000000000");

        assertThatCode(check::conclude).doesNotThrowAnyException();
    }

    @Test
    void what_was_acknowledged_and_is_not_stored_is_told() {
        stored("0007-0000-000000000", "0007-0001-000000001");

        assertThatThrownBy(check::conclude)
                .isInstanceOf(BenchmarkFailedException.class)
                .hasMessage("1 commands of client 1 were acknowledged and are not stored, 0007-0001-000000000 first");
    }

    @Test
    void what_is_stored_twice_is_told() {
        assertThatThrownBy(() -> stored("0007-0001-000000001", "0007-0001-000000001"))
                .hasMessage("0007-0001-000000001 is stored twice");
    }

    @Test
    void what_nobody_was_told_of_is_told() {
        assertThatThrownBy(() -> stored("0007-0000-000000001"))
                .hasMessage("0007-0000-000000001 is stored, but nobody was told so");
    }

    @Test
    void what_another_load_has_left_is_not_taken_for_this_one() {
        assertThatThrownBy(() -> stored("0006-0000-000000000"))
                .hasMessage("0006-0000-000000000 is stored, but nobody was told so");
    }

    private void stored(String... transcriptionIds) {
        for (String id : transcriptionIds) {
            check.accept(id);
        }
    }
}
