package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {
    static Stream<Arguments> kinds() {
        return Stream.of(
                kind("organizationId", OrganizationId::new),
                kind("changeId", PlanChangeId::new),
                kind("userId", UserId::new),
                kind("reservationId", ReservationId::new),
                kind("transcriptionId", TranscriptionId::new),
                kind("correctionId", CorrectionId::new),
                kind("purchaseId", PurchaseId::new),
                kind("refundId", RefundId::new));
    }

    private static Arguments kind(String name, Function<String, ?> constructor) {
        return argumentSet(name, name, constructor);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void every_kind_names_itself_when_it_is_wrong(String name, Function<String, ?> constructor) {
        assertThat(constructor.apply("A-z.0_9:")).hasToString("A-z.0_9:");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> constructor.apply("a b"))
                .withMessage(name + " must be 1 to 128 of A-Z a-z 0-9 . _ : - and not only dots: \"a b\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "-", "_", ":", ".a", "a.", "..a", "tenant:42", "3f0e.b-1_c"})
    void may_be_any_of_these(String value) {
        assertThat(new UserId(value).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", ".", "..", "...", "a/b", "../a", "a%2f", "é", "a\n", "\u0000", "a@b.example", "\ud83d"})
    void may_be_none_of_these(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new UserId(value));
    }

    @ParameterizedTest
    @ValueSource(ints = {127, 128})
    void have_at_most_128_characters(int length) {
        assertThat(new UserId("x".repeat(length)).value()).hasSize(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {129, 1_000_000})
    void a_long_one_is_not_repeated_in_the_message(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UserId("x".repeat(length)))
                .withMessage(
                        "userId must be 1 to 128 of A-Z a-z 0-9 . _ : - and not only dots: " + length + " characters");
    }
}
