package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void a_code_is_1_to_128_characters() {
        assertThat(new Plan("x".repeat(128), null, Plan.Limit.SOFT).code()).hasSize(128);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Plan("", null, Plan.Limit.SOFT))
                .withMessage("plan.code must be 1 to 128 characters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Plan("x".repeat(129), null, Plan.Limit.SOFT))
                .withMessage("plan.code must be 1 to 128 characters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Plan("a\tb", null, Plan.Limit.SOFT))
                .withMessage("plan.code must not contain control characters");
    }

    @Test
    void a_plan_includes_at_most_a_billion_minutes() {
        assertThat(Asked.including(1_000_000_000).isUnlimited()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Asked.including(1_000_000_001))
                .withMessage("plan.includedMinutes must be at most 1000000000: 1000000001");
    }

    @Test
    void a_plan_without_a_number_is_unlimited() {
        assertThat(Asked.unlimited().isUnlimited()).isTrue();
    }
}
