package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service answered. */
record Reply(HttpResponse<String> http) {
    private static final JsonMapper MAPPER = new JsonMapper();

    int status() {
        return http.statusCode();
    }

    String text() {
        return http.body();
    }

    JsonNode json() {
        return MAPPER.readTree(http.body());
    }

    Optional<String> header(String name) {
        return http.headers().firstValue(name);
    }

    /** The value at a JSON pointer; a missing one fails. */
    JsonNode at(String pointer) {
        JsonNode value = json().at(pointer);
        assertThat(value.isMissingNode())
                .as("%s is missing in %s", pointer, http.body())
                .isFalse();
        return value;
    }

    long number(String pointer) {
        JsonNode value = at(pointer);
        assertThat(value.isIntegralNumber())
                .as("%s in %s", pointer, http.body())
                .isTrue();
        return value.longValue();
    }

    String string(String pointer) {
        return at(pointer).stringValue();
    }

    Reply is(int status) {
        assertThat(status()).as(http.body()).isEqualTo(status);
        return this;
    }

    Reply isProblem(int status, String code) {
        is(status);
        assertThat(header("Content-Type")).hasValue("application/problem+json");
        assertThat(string("/code")).isEqualTo(code);
        assertThat(string("/type")).isEqualTo("/problems/" + code);
        assertThat(number("/status")).isEqualTo(status);
        return this;
    }

    /** The pointers of all faults that an invalid request was told. */
    List<String> faults() {
        isProblem(400, "invalid-request");
        List<String> pointers = new ArrayList<>();
        at("/errors").forEach(error -> pointers.add(error.get("pointer").stringValue()));
        return pointers;
    }
}
