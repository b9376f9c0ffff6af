package dev.usageledger.api.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class JsonArrayTest {
    private static final String FIELD_TWICE = "{\"a\": 1, \"a\": 2}";
    private static final List<String> READABLE = List.of(
            "{}",
            "[]",
            "0",
            "-1.5e3",
            "true",
            "null",
            "\"\"",
            "\"größe 🎧\"",
            "\"a \\\" ] , } b\"",
            "{\"ä\": [{\"b\": \"]\"}]}");

    @RepeatedTest(50)
    void elements_beside_one_that_cannot_be_read_are_what_they_are_without_it(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(2_000); i >= 0; i--) {
            elements.add(" ".repeat(random.nextInt(3))
                    + READABLE.get(random.nextInt(READABLE.size()))
                    + "\n\t".repeat(random.nextInt(2)));
        }
        List<JsonNode> alone = nodes(array(elements));

        int place = random.nextInt(elements.size() + 1);
        elements.add(place, FIELD_TWICE);
        List<JsonElement> read = new ArrayList<>(JsonArray.read(array(elements), 10_000));

        assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(read.remove(place)::node);
        assertThat(read.stream().map(JsonElement::node))
                .as("seed %d", repetition.getCurrentRepetition())
                .containsExactlyElementsOf(alone);
    }

    @Test
    void an_element_that_is_no_utf_8_is_no_fault_of_the_others() {
        byte[] body =
                "[{'a': 'Ã¶'}, {'a': 'Ã'}, {'a': 'Ã¼'}]".replace('\'', '"').getBytes(StandardCharsets.ISO_8859_1);

        List<JsonElement> read = JsonArray.read(body, 3);

        assertThat(read.get(0).node().get("a").stringValue()).isEqualTo("ö");
        assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(read.get(1)::node);
        assertThat(read.get(2).node().get("a").stringValue()).isEqualTo("ü");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[1",
                "[1,]",
                "[1 2]",
                "[" + FIELD_TWICE,
                "[" + FIELD_TWICE + "] []",
                FIELD_TWICE,
                "{}",
                "[" + FIELD_TWICE + ", nil]"
            })
    void what_is_no_array_is_refused(String body) {
        assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> JsonArray.read(bytes(body), 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", FIELD_TWICE})
    void too_many_elements_are_refused(String element) {
        assertThat(JsonArray.read(array(List.of(element, element)), 2)).hasSize(2);
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> JsonArray.read(array(List.of(element, element)), 1));
    }

    private static List<JsonNode> nodes(byte[] body) {
        return JsonArray.read(body, 10_000).stream().map(JsonElement::node).toList();
    }

    private static byte[] array(List<String> elements) {
        return bytes(elements.stream().collect(Collectors.joining(",", "[", "]")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
