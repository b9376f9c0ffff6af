package dev.usageledger.api.http.request;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.usageledger.api.http.request.Fault.Part;
import dev.usageledger.engine.Origin;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request, while it is read. Faults are collected; {@link #complete} makes of what was read what it is for, or
 * reports all of them together. So a controller names every part first and asks for values inside {@code complete}.
 */
public final class Request {
    public static final String REASON_HEADER = "X-Reason";
    private static final int LONGEST_REASON = 500;
    private static final int MOST_FAULTS = 50;

    private final HttpServletRequest http;
    private final Map<String, String> pathVariables;
    private final RequestIdentity identity;
    private final int bodyLimit;
    private final List<Fault> faults = new ArrayList<>();
    private final Given<String> reason;
    private final Map<String, List<String>> parameters;
    private final Set<String> knownParameters = new HashSet<>();
    private @Nullable JsonObject body;

    Request(HttpServletRequest http, Map<String, String> pathVariables, RequestIdentity identity, int bodyLimit) {
        this.http = http;
        this.pathVariables = pathVariables;
        this.identity = identity;
        this.bodyLimit = bodyLimit;
        this.reason = reason(http.getHeader(REASON_HEADER));
        this.parameters = parameters(http.getQueryString());
    }

    /** When the request came in, by the ledger's clock. */
    public Instant receivedAt() {
        return identity.receivedAt();
    }

    /** Who sends it and why, as it is kept with the events it leads to. */
    public Origin origin() {
        String caller = identity.caller();
        return new Origin(caller == null ? "anonymous" : caller, identity.requestId(), reason.orNull());
    }

    /** A part of the path. */
    public <T> Given<T> path(String name, Function<String, T> meaning) {
        return read(Part.PATH, name, String.valueOf(pathVariables.get(name)), meaning);
    }

    /** A query parameter, which may be left out. */
    public <T> Given<T> query(String name, Function<String, T> meaning) {
        knownParameters.add(name);
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            faults.add(new Fault(Part.QUERY, "/" + name, "must be given once"));
        }
        return values.size() == 1 ? read(Part.QUERY, name, values.getFirst(), meaning) : Given.nothing();
    }

    /** A query parameter that may be given several times. */
    public <T> List<Given<T>> queries(String name, Function<String, T> meaning) {
        knownParameters.add(name);
        return parameters.getOrDefault(name, List.of()).stream()
                .map(value -> read(Part.QUERY, name, value, meaning))
                .toList();
    }

    /** The body, which has to be a JSON object. */
    public JsonObject body() {
        byte[] bytes = bytes();
        if (bytes.length == 0) {
            faults.add(new Fault(Part.BODY, "", "is required: a JSON object"));
        }
        return read(bytes);
    }

    /** The body, where there need not be one. */
    public JsonObject optionalBody() {
        return read(bytes());
    }

    /**
     * What the request is for, made of the values that were read.
     *
     * @throws InvalidRequestException with every fault, when there is any
     */
    public <T> T complete(Supplier<T> purpose) {
        reportUnknown();
        if (!faults.isEmpty()) {
            throw new InvalidRequestException(faults.size() <= MOST_FAULTS ? faults : shortened());
        }
        try {
            return purpose.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(Fault.of(body == null ? Part.QUERY : Part.BODY, e));
        }
    }

    private <T> Given<T> read(Part part, String name, String text, Function<String, T> meaning) {
        try {
            if (!Text.isWellFormed(text)) {
                throw new IllegalArgumentException("must not contain a NUL character");
            }
            return Given.of(meaning.apply(text));
        } catch (IllegalArgumentException e) {
            faults.add(new Fault(part, "/" + name, String.valueOf(e.getMessage())));
            return Given.nothing();
        }
    }

    private Given<String> reason(@Nullable String header) {
        return header == null || header.isBlank()
                ? Given.nothing()
                : read(
                        Part.HEADER,
                        REASON_HEADER,
                        header,
                        text -> Text.upTo(LONGEST_REASON).apply(Utf8.ofHeader(text)));
    }

    /** A body, which is not empty, and the one of the accepted types that it came in. */
    public record Content(MediaType type, byte[] bytes) {
        /** @throws InvalidRequestException when it is no JSON */
        public JsonNode json() {
            return StrictJson.read(bytes);
        }

        /**
         * The elements of a JSON array. One that cannot be read is no fault of the others.
         *
         * @throws InvalidRequestException when it is no array of elements that can be told apart, or of too many
         */
        public List<JsonElement> elements(int most) {
            return JsonArray.read(bytes, most);
        }
    }

    /**
     * The body of one of several types of JSON.
     *
     * @param mostBytes its own limit, in place of that of other requests
     */
    public Content content(int mostBytes, List<MediaType> accepted) {
        byte[] bytes = bytes(mostBytes);
        if (bytes.length == 0) {
            throw new InvalidRequestException(new Fault(Part.BODY, "", "is required"));
        }
        return new Content(requireType(accepted), bytes);
    }

    /** As {@link #content(int, List)}, with the limit of other requests. */
    public Content content(List<MediaType> accepted) {
        return content(bodyLimit, accepted);
    }

    /** Whether the body is said to be of this type, in UTF-8. */
    public boolean isSentAs(MediaType type) {
        String sent = http.getContentType();
        return sent != null && isInUtf8(sent, type);
    }

    /** How long the body is at most, where no more than {@code most} bytes are read of it. */
    public int bytesAtMost(int most) {
        long declared = http.getContentLengthLong();
        return declared < 0 ? most : (int) Math.min(declared, most);
    }

    /** A header's value; {@code null} where it was not sent. */
    public @Nullable String header(String name) {
        return http.getHeader(name);
    }

    private JsonObject read(byte[] bytes) {
        if (bytes.length == 0) {
            return bodyOf(JsonNodeFactory.instance.objectNode());
        }
        requireType(List.of(MediaType.APPLICATION_JSON));
        JsonNode node = StrictJson.read(bytes);
        if (!(node instanceof ObjectNode)) {
            faults.add(new Fault(Part.BODY, "", "must be a JSON object"));
        }
        return bodyOf(node instanceof ObjectNode object ? object : null);
    }

    private JsonObject bodyOf(@Nullable ObjectNode node) {
        JsonObject read = new JsonObject(faults, "", node);
        body = read;
        return read;
    }

    private byte[] bytes() {
        return bytes(bodyLimit);
    }

    private byte[] bytes(int most) {
        long declared = http.getContentLengthLong();
        if (declared > most) {
            throw new BodyTooLargeException(most);
        }
        try (InputStream in = http.getInputStream()) {
            // No more than was declared, since what may be read is what is made room for.
            byte[] bytes = in.readNBytes(declared < 0 ? most + 1 : (int) declared);
            if (bytes.length > most) {
                throw new BodyTooLargeException(most);
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidRequestException(new Fault(Part.BODY, "", "could not be read to its end"));
        }
    }

    private MediaType requireType(List<MediaType> accepted) {
        String encoding = http.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new UnsupportedBodyException("A body must be sent as it is, without Content-Encoding.");
        }
        return accepted.stream()
                .filter(this::isSentAs)
                .findFirst()
                .orElseThrow(() -> new UnsupportedBodyException("A body must be sent with Content-Type: "
                        + accepted.stream().map(MediaType::toString).collect(joining(" or ")) + ", in UTF-8."));
    }

    /** Whether {@code type} is that of a media type, in UTF-8, which is what is meant where it does not say. */
    public static boolean isInUtf8(String type, MediaType wanted) {
        try {
            MediaType given = MediaType.parseMediaType(type);
            String charset = given.getParameter("charset");
            return given.equalsTypeAndSubtype(wanted) && (charset == null || charset.equalsIgnoreCase("utf-8"));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    private void reportUnknown() {
        if (body != null) {
            body.reportUnknown();
        }
        parameters.keySet().stream()
                .filter(name -> !knownParameters.contains(name))
                .forEach(name -> faults.add(new Fault(Part.QUERY, "/" + name, "is not a parameter of this request")));
    }

    // Not the container's parameters: asking for those may read a form from the body.
    private static Map<String, List<String>> parameters(@Nullable String query) {
        try {
            return Arrays.stream(query == null ? new String[0] : query.split("&"))
                    .filter(pair -> !pair.isEmpty())
                    .map(pair -> pair.split("=", 2))
                    .collect(groupingBy(
                            pair -> decoded(pair[0]),
                            TreeMap::new,
                            mapping(pair -> pair.length == 1 ? "" : decoded(pair[1]), toList())));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(new Fault(Part.QUERY, "", "has a % without two hexadecimal digits"));
        }
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }

    private List<Fault> shortened() {
        List<Fault> some = new ArrayList<>(faults.subList(0, MOST_FAULTS));
        some.add(new Fault(Part.BODY, "", "and " + (faults.size() - MOST_FAULTS) + " more faults"));
        return some;
    }
}
