package dev.usageledger.projections.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredStateTest {
    private static final long SEED = Long.getLong("ledger.seed", System.nanoTime());

    @Test
    void with_the_columns_beside_it_a_random_state_comes_back_as_it_was() {
        for (Open state : states()) {
            assertThat(StoredState.organization(
                            StoredState.json(state),
                            state.periods().current().fromBase(),
                            state.periods().current().uncovered(),
                            state.recordedUpTo()))
                    .as("with -Dledger.seed=%d", SEED)
                    .isEqualTo(state);
        }
    }

    @Test
    void states_are_the_same_when_they_are_stored_as_the_same() {
        List<Open> states = states();
        for (int i = 1; i < states.size(); i++) {
            Open before = states.get(i - 1);
            Open after = states.get(i);
            assertThat(StoredState.isSame(before, after))
                    .as("with -Dledger.seed=%d, after %d events", SEED, i)
                    .isEqualTo(StoredState.json(before).equals(StoredState.json(after)));
        }
    }

    private static List<Open> states() {
        return RandomHistory.of(SEED, new OrganizationId("acme"), 300).states();
    }
}
