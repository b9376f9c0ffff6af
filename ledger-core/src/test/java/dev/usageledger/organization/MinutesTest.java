package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MinutesTest {
    private static final Minutes MOST = Minutes.of(Long.MAX_VALUE);

    @Test
    void are_never_negative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Minutes.of(-3))
                .withMessage("minutes must not be negative: -3");
        assertThatIllegalArgumentException().isThrownBy(() -> Minutes.of(5).minus(Minutes.of(6)));
    }

    @Test
    void add_up_to_the_last_bit_and_never_to_a_wrong_number() {
        assertThat(MOST.minus(Minutes.of(1)).plus(Minutes.of(1))).isEqualTo(MOST);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> MOST.plus(Minutes.of(1)));
    }

    @Test
    void can_be_taken_away_as_far_as_they_go() {
        assertThat(Minutes.of(5).lessAtMost(Minutes.of(3))).isEqualTo(Minutes.of(2));
        assertThat(Minutes.of(5).lessAtMost(Minutes.of(5))).isEqualTo(Minutes.ZERO);
        assertThat(Minutes.of(5).lessAtMost(MOST)).isEqualTo(Minutes.ZERO);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "59, 1", "60, 1", "61, 2", "9223372036854775807, 153722867280912931"})
    void of_a_recording_are_those_begun(long seconds, long minutes) {
        assertThat(Minutes.ofSeconds(seconds)).isEqualTo(Minutes.of(minutes));
    }

    @ParameterizedTest
    @CsvSource({"-1", "-59", "-60", "-9223372036854775808"})
    void of_a_negative_recording_there_are_none(long seconds) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Minutes.ofSeconds(seconds))
                .withMessage("durationSeconds must not be negative: " + seconds);
    }

    @Test
    void can_be_compared() {
        assertThat(Minutes.of(2)).isGreaterThan(Minutes.of(1)).isLessThan(MOST);
        assertThat(Minutes.of(2).exceeds(Minutes.of(2))).isFalse();
        assertThat(Minutes.of(3).exceeds(Minutes.of(2))).isTrue();
        assertThat(Minutes.of(3).min(Minutes.of(2))).isEqualTo(Minutes.of(2));
        assertThat(Minutes.of(1_000)).hasToString("1000");
    }
}
