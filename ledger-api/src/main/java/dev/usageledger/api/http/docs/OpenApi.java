package dev.usageledger.api.http.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI document. It is written by hand in {@code openapi.yaml}, and tests hold every answer against it. */
// Lazy, since nobody should wait for it when the service starts.
@Lazy
@RestController
class OpenApi {
    private static final int MOST_ALIASES = 2_000;

    private final byte[] json;

    OpenApi(JsonMapper mapper) throws IOException {
        this.json = mapper.writeValueAsString(document()).getBytes(StandardCharsets.UTF_8);
    }

    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    byte[] show() {
        return json;
    }

    private static Map<String, Object> document() throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(MOST_ALIASES);
        try (InputStream yaml = Objects.requireNonNull(OpenApi.class.getResourceAsStream("/openapi.yaml"))) {
            return new Yaml(new SafeConstructor(options)).load(yaml);
        }
    }
}
