package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/** The OpenAPI document, as what is promised to callers. */
final class Contract {
    private static final String DOCUMENT_IRI = "urn:usage-ledger";
    private static final Set<Integer> OF_ANY_PATH = Set.of(404, 405, 500);
    private static final JsonNode DOCUMENT = document();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDialect(
            Dialects.getDraft202012(), registry -> registry.schemas(Map.of(DOCUMENT_IRI, DOCUMENT.toString())));
    private static final Map<String, Schema> COMPILED = new ConcurrentHashMap<>();

    private Contract() {}

    /** All operations, as {@code GET /v1/organizations}. */
    static Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        DOCUMENT.get("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(name -> !name.equals("parameters"))
                        .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /** Fails unless the document says that this can be answered to such a request, in this form. */
    static void check(String method, String pathAndQuery, Reply reply) {
        Optional<String> template = template(pathAndQuery.split("\\?")[0]);
        if (template.isEmpty()) {
            return;
        }
        String operation = "/paths/" + escaped(template.get()) + "/" + method.toLowerCase(Locale.ROOT);
        String response = operation + "/responses/" + reply.status();
        JsonNode documented = DOCUMENT.at(response);
        if (documented.isMissingNode()) {
            assertThat(OF_ANY_PATH)
                    .as("%s %s is not documented to answer %s", method, pathAndQuery, reply.text())
                    .contains(reply.status());
            return;
        }
        if (documented.has("$ref")) {
            response = documented.get("$ref").stringValue().substring(1);
        }
        String type = reply.header("Content-Type").orElse("");
        String schema = response + "/content/" + escaped(type) + "/schema";
        assertThat(DOCUMENT.at(schema).isMissingNode())
                .as("%s %s is not documented to answer %d with %s", method, pathAndQuery, reply.status(), type)
                .isFalse();
        assertThat(errors(schema, isJson(type) ? reply.json() : new StringNode(reply.text())))
                .as("%s %s: %s", method, pathAndQuery, reply.text())
                .isEmpty();
    }

    private static boolean isJson(String type) {
        return type.endsWith("/json") || type.endsWith("+json");
    }

    /** What is wrong with {@code value} by the schema at a pointer into the document. */
    static List<Error> errors(String pointer, JsonNode value) {
        return COMPILED.computeIfAbsent(
                        pointer, at -> SCHEMAS.getSchema(SchemaLocation.of(DOCUMENT_IRI + "#" + encoded(at))))
                .validate(value);
    }

    static JsonNode at(String pointer) {
        return DOCUMENT.at(pointer);
    }

    /** The path of the document that a request path is of. */
    static Optional<String> template(String path) {
        return DOCUMENT.get("paths").propertyNames().stream()
                .filter(template -> path.matches(template.replaceAll("\\{[^}]+}", "[^/]+")))
                .min((a, b) -> Long.compare(
                        a.chars().filter(c -> c == '{').count(),
                        b.chars().filter(c -> c == '{').count()));
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String encoded(String pointer) {
        return pointer.replace("{", "%7B").replace("}", "%7D").replace("+", "%2B");
    }

    private static JsonNode document() {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(2_000);
        try (InputStream yaml = Contract.class.getResourceAsStream("/openapi.yaml")) {
            Map<String, Object> document = new Yaml(new SafeConstructor(options)).load(yaml);
            return new JsonMapper().valueToTree(document);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
