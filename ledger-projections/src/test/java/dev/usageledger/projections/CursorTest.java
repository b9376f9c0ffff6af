package dev.usageledger.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
    @Test
    void a_place_survives_the_way_to_the_caller_and_back() {
        String token = Cursor.at("list", Long.MIN_VALUE, 0.1 + 0.2, "acme").token();

        Cursor cursor = Cursor.of(token, "list", 3);
        assertThat(cursor).isNotNull();
        assertThat(cursor.number(0)).isEqualTo(Long.MIN_VALUE);
        assertThat(cursor.fraction(1)).isEqualTo(0.1 + 0.2);
        assertThat(cursor.organizationId(2).value()).isEqualTo("acme");
        assertThat(token).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void no_token_is_the_start() {
        assertThat(Cursor.of(null, "list", 1)).isNull();
        assertThat(Cursor.number(null, "list", 42)).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "%", "bGlzdA", "bGlzdAp4", "b3RoZXIKMQ", "bGlzdAoxCjI"})
    void what_is_not_a_token_of_the_list_is_refused(String token) {
        assertThatExceptionOfType(InvalidCursorException.class).isThrownBy(() -> Cursor.number(token, "list", 0));
    }

    @Test
    void an_identifier_that_could_not_be_one_is_refused() {
        Cursor cursor = Cursor.at("list", "\u0000");

        assertThatExceptionOfType(InvalidCursorException.class).isThrownBy(() -> cursor.organizationId(0));
    }
}
