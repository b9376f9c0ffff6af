package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationDecider;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.testing.RandomHistory;
import dev.usageledger.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrganizationCodecTest {
    @Test
    void a_random_state_comes_back_as_it_was() {
        for (long seed = 1; seed <= 12; seed++) {
            List<Open> states = states(seed);
            List<Open> read = states.stream()
                    .map(OrganizationCodec::json)
                    .map(OrganizationCodec::organization)
                    .toList();

            assertThat(read).as("seed %d", seed).isEqualTo(states);
        }
    }

    @Test
    void a_state_that_was_kept_as_jsonb_comes_back_as_it_was() {
        Open state = OrganizationCodec.organization(stored());

        assertThat(OrganizationCodec.organization(throughJsonb(OrganizationCodec.json(state))))
                .isEqualTo(state);
    }

    @Test
    void a_state_that_was_read_goes_on_as_the_one_that_was_written() {
        OrganizationDecider decider = new OrganizationDecider(LedgerPolicy.STANDARD);
        for (Open state : states(77)) {
            Open read = OrganizationCodec.organization(OrganizationCodec.json(state));
            assertThat(Balance.of(decider.advanced(read, state.nextDueAt()), LedgerPolicy.STANDARD))
                    .isEqualTo(Balance.of(decider.advanced(state, state.nextDueAt()), LedgerPolicy.STANDARD));
        }
    }

    /** Whoever changes this shape raises {@link OrganizationCodec#FORMAT} and adds a file of the new one. */
    @Test
    void the_shape_of_a_state_changes_only_with_its_format() throws JsonProcessingException {
        JsonMapper json = new JsonMapper();

        assertThat(json.readTree(OrganizationCodec.json(OrganizationCodec.organization(stored()))))
                .isEqualTo(json.readTree(stored()));
    }

    @Test
    void a_state_of_another_shape_is_refused() {
        String json = OrganizationCodec.json(states(1).getLast());

        assertThat(List.of("", "{}", "[]", "{\"bonus\":1," + json.substring(1), json.replace("\"name\"", "\"label\"")))
                .allSatisfy(other -> assertThatExceptionOfType(UnreadableEventException.class)
                        .isThrownBy(() -> OrganizationCodec.organization(other)));
    }

    /** The organization after each event of a history. */
    private static List<Open> states(long seed) {
        return RandomHistory.of(seed, new OrganizationId("acme"), 150).states();
    }

    private static String throughJsonb(String text) {
        try (HikariDataSource database = TestDatabase.create()) {
            return new JdbcTransactions(database).call(connection -> {
                try (PreparedStatement query = connection.prepareStatement("SELECT ?::jsonb::text")) {
                    query.setString(1, text);
                    try (ResultSet row = query.executeQuery()) {
                        row.next();
                        return row.getString(1);
                    }
                }
            });
        }
    }

    private static String stored() {
        String name = "organization-format-" + OrganizationCodec.FORMAT + ".json";
        try (InputStream file = OrganizationCodecTest.class.getResourceAsStream(name)) {
            assertThat(file).as(name).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
