package dev.usageledger.api.http.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * One problem as the caller is told it.
 *
 * @param detail what happened this time, in plain words and with the numbers
 * @param members what a program needs of that: numbers, identifiers, actions
 */
public record Problem(ProblemType type, String detail, Map<String, ? extends @Nullable Object> members) {
    private static final int RETRY_AFTER_SECONDS = 1;

    public Problem(ProblemType type, String detail) {
        this(type, detail, Map.of());
    }

    public ResponseEntity<Map<String, @Nullable Object>> toResponse() {
        return toResponse(HttpHeaders.EMPTY);
    }

    public ResponseEntity<Map<String, @Nullable Object>> toResponse(HttpHeaders more) {
        return ResponseEntity.status(type.status())
                .headers(more)
                .headers(this::addOwnHeaders)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(body());
    }

    /** The problem as JSON's members, in the order a person reads them. */
    public Map<String, @Nullable Object> body() {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("type", type.path());
        body.put("title", type.title());
        body.put("status", type.status());
        body.put("code", type.code());
        body.put("detail", detail);
        body.putAll(members);
        return body;
    }

    private void addOwnHeaders(HttpHeaders headers) {
        switch (type) {
            case OVERLOADED, PROJECTION_BEHIND ->
                headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_AFTER_SECONDS));
            case UNAUTHENTICATED -> headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"ledger\"");
            default -> {}
        }
    }
}
