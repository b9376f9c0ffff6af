package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerPolicyTest {
    @Test
    void standard_is_72_hours_for_late_usage_5_minutes_for_clocks_and_three_thresholds() {
        assertThat(LedgerPolicy.STANDARD)
                .isEqualTo(new LedgerPolicy(Duration.ofHours(72), List.of(80, 90, 100), Duration.ofMinutes(5)));
    }

    @Test
    void thresholds_are_kept_ascending_and_once_each() {
        assertThat(new LedgerPolicy(Duration.ZERO, List.of(100, 50, 100, 1), Duration.ZERO).thresholds())
                .containsExactly(1, 50, 100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101})
    void thresholds_are_from_1_to_100_percent(int percent) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LedgerPolicy(Duration.ZERO, List.of(percent), Duration.ZERO))
                .withMessage("thresholds must be from 1 to 100 percent: [" + percent + "]");
    }

    @Test
    void durations_are_not_negative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LedgerPolicy(Duration.ofSeconds(-1), List.of(), Duration.ZERO))
                .withMessage("lateWindow must not be negative: PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LedgerPolicy(Duration.ZERO, List.of(), Duration.ofSeconds(-1)))
                .withMessage("futureTolerance must not be negative: PT-1S");
    }
}
