package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceTest {
    @ParameterizedTest
    @CsvSource({
        "9.90, 9.9",
        "9.9000, 9.9",
        "1E+2, 100",
        "100.00, 100",
        "0.00, 0",
        "999999999999.9999, 999999999999.9999"
    })
    void one_amount_has_one_form(BigDecimal written, BigDecimal kept) {
        assertThat(new Price(written, "EUR").amount()).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.01", "1000000000000", "1E+12", "1E+1000000000", "-1E+1000000000"})
    void it_is_not_negative_and_less_than_a_million_millions(BigDecimal amount) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Price(amount, "EUR"))
                .withMessage("price.amount must be from 0 to less than 10^12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.00001", "9.99999", "1E-1000000000"})
    void it_has_at_most_four_decimal_places(BigDecimal amount) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Price(amount, "EUR"))
                .withMessage("price.amount must have at most 4 decimal places");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eur", "EURO", "E1R", "EU", "EUR\n"})
    void its_currency_is_three_capital_letters(String currency) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Price(BigDecimal.ONE, currency))
                .withMessage("price.currency must be three capital letters");
    }

    @Test
    void the_same_amount_in_another_currency_is_another_price() {
        assertThat(new Price(BigDecimal.ONE, "EUR")).isNotEqualTo(new Price(BigDecimal.ONE, "USD"));
    }
}
