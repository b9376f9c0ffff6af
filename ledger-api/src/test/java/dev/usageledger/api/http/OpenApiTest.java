package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.api.http.problem.ProblemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document is the truth; that answers match it, {@link Client} sees to in every test. */
class OpenApiTest {
    private static final Pattern REQUEST_LINE = Pattern.compile("^(GET|PUT|POST|DELETE) \\{\\{url}}(/v1/\\S*)");

    @Test
    void it_has_every_call_and_no_other() {
        assertThat(Contract.operations()).isEqualTo(served(Service.sharedWithTestClock()));
    }

    @Test
    void it_is_served_as_it_was_written() {
        Reply served =
                new Client(Service.shared().port(), "").get("/v3/api-docs").is(200);

        assertThat(served.json()).isEqualTo(Contract.at(""));
        assertThat(served.string("/openapi")).startsWith("3.1.");
    }

    @Test
    void its_examples_are_valid() {
        for (String operation : Contract.operations()) {
            String[] methodAndPath = operation.split(" ");
            String body = "/paths/%s/%s/requestBody/content/application~1json"
                    .formatted(methodAndPath[1].replace("/", "~1"), methodAndPath[0].toLowerCase(Locale.ROOT));
            thatIsValid(operation, body + "/schema", Contract.at(body + "/example"));
        }
        Contract.at("/components/schemas")
                .properties()
                .forEach(schema -> thatIsValid(
                        schema.getKey(),
                        "/components/schemas/" + schema.getKey(),
                        schema.getValue().path("example")));
    }

    @Test
    void every_answer_that_it_mentions_carries_a_problem_that_exists() {
        Set<String> mentioned = new TreeSet<>();
        Contract.at("/components/schemas").properties().forEach(schema -> {
            JsonNode code = schema.getValue().at("/properties/code/const");
            if (code.isString()) {
                mentioned.add(code.stringValue());
            }
        });

        assertThat(mentioned)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(ProblemType.values()).map(ProblemType::code).toList());
    }

    @Test
    void the_pages_come_whole_from_the_service() {
        Client anyone = new Client(Service.shared().port(), "");
        String page = anyone.get("/docs").is(200).text();

        List<String> parts = Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(parts).hasSizeGreaterThan(2).allSatisfy(part -> {
            assertThat(part).startsWith("/docs/");
            anyone.get(part).is(200);
        });
        assertThat(anyone.get("/docs/swagger-initializer.js").text()).contains("validatorUrl: null", "/v3/api-docs");
        anyone.get("/docs/nothing.js").isProblem(404, "not-found");
    }

    @Test
    void the_request_collections_show_every_call() throws IOException {
        Set<String> shown = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("../examples"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".http")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    Matcher request = REQUEST_LINE.matcher(line);
                    if (request.find()) {
                        shown.add(request.group(1) + " "
                                + Contract.template(request.group(2).split("\\?")[0])
                                        .orElse(line));
                    }
                }
            }
        }

        assertThat(shown).isEqualTo(Contract.operations());
    }

    private static Set<String> served(Service service) {
        Set<String> served = new TreeSet<>();
        service.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getPatternValues().stream()
                        .filter(path -> path.startsWith("/v1/"))
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> served.add(method + " " + path))));
        return served;
    }

    private static void thatIsValid(String where, String schema, JsonNode example) {
        if (!example.isMissingNode()) {
            assertThat(Contract.errors(schema, example)).as(where).isEmpty();
        }
    }
}
